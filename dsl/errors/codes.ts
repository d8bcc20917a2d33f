/**
 * Every error that Pipewright shows a person has a code here and an entry in docs/ERRORS.md (a test compares the two).
 * Blocks: 1xx wiring, 2xx compiling to Argo, 3xx running, 4xx store and registry, 5xx steps, data and model,
 * 6xx serving, 9xx command line. The value is the title of its entry.
 */
export const ERROR_CODES = {
  // 1xx wiring
  PW101: 'A name is not valid',
  PW102: 'Two things have the same name',
  PW103: 'A reference points outside its scope',
  PW104: 'An argument is missing',
  PW105: 'An argument is unknown',
  PW106: 'A value does not fit its type',
  PW107: 'An artifact has the wrong kind',
  PW108: 'An output may be absent',
  PW109: 'The graph has a cycle',
  PW110: 'An expression does not make sense',
  PW111: 'A contract is contradictory',
  PW112: 'A retry, timeout or resource setting is not valid',
  PW113: 'A task was added to a scope that is closed',
  PW114: 'The pipeline is empty',
  PW115: 'A schedule is not valid',
  // 2xx compiling to Argo
  PW201: 'Argo cannot express this',
  PW202: 'A limit of Argo is exceeded',
  // 3xx running
  PW301: 'A step failed',
  PW302: 'A step did not write an output',
  PW303: 'A step ran out of time',
  PW304: 'The run was cancelled',
  PW305: 'A step could not be started',
  PW306: 'A step could not be bundled',
  PW307: 'A parameter given to the run is not valid',
  PW308: 'An output parameter has the wrong type',
  PW309: 'The run folder cannot be used',
  PW310: 'The cluster cannot run pipelines',
  PW311: 'A pod cannot start',
  PW312: 'A step took more than it may',
  // 4xx store and registry
  PW401: 'An object in the store is damaged',
  PW402: 'An object is not in the store',
  PW403: 'The store cannot be reached',
  PW404: 'A record in the store cannot be read',
  PW411: 'Another promotion came first',
  PW412: 'A model, version or alias does not exist',
  PW413: 'A name or version in the registry is not valid',
  // 5xx steps, data and model
  PW501: 'The step was called wrongly',
  PW502: 'The data cannot be read',
  PW503: 'The data failed its quality checks',
  PW504: 'There is not enough data',
  PW505: 'A setting of the model is not valid',
  PW506: 'The model does not fit the features',
  PW507: 'The model failed its verification',
  PW508: 'A feature knows the future',
  // 6xx serving
  PW601: 'A setting of the server is not valid',
  PW602: 'No model can be served',
  PW603: 'A version could not be rolled out',
  PW604: 'The cluster cannot be asked',
  PW605: 'Served features are not those of the offline path',
  // 9xx command line
  PW901: 'The command was called wrongly',
  PW902: 'The pipeline file cannot be loaded',
  PW903: 'A run, artifact or step does not exist',
  PW904: 'No container engine answers',
  PW905: 'The cluster cannot be set up',
  PW906: 'The MLflow server cannot be used',
  PW999: 'Something unexpected happened',
} as const satisfies Record<`PW${number}`, string>;

export type ErrorCode = keyof typeof ERROR_CODES;
