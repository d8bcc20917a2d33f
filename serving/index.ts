/** The model server. `serve` is the command; `startServer` is the same for programs. */
export { serve, type ServeOptions } from './serve.ts';
export { startServer, type RunningServer, type ServerDependencies } from './server.ts';
export { HELP, readSettings, type ModelOrigin, type ServingSettings } from './settings.ts';
