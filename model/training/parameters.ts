import type * as tf from '@tensorflow/tfjs-core';
import type { Activation, Network } from '../predictor/index.ts';
import type { Random } from '../random.ts';
import type { NetworkSettings } from './settings.ts';

/** One dense layer before training: its sizes and its activation. */
export interface LayerPlan {
  readonly inputs: number;
  readonly units: number;
  readonly activation: Activation;
}

/** The layers that settings ask for on rows of `columns` features; the last one is a single unit, with a sigmoid for direction. */
export function planLayers(settings: NetworkSettings, columns: number): readonly LayerPlan[] {
  const hidden = settings.architecture === 'neural-network' ? settings : undefined;
  const units = [...(hidden?.hiddenLayers ?? []), 1];
  return units.map((count, at) => ({
    inputs: at === 0 ? columns : units[at - 1]!,
    units: count,
    activation: hidden && at < units.length - 1 ? hidden.activation : settings.target === 'return' ? 'linear' : 'sigmoid',
  }));
}

/*
 * All weights live in one vector: kernel 1, bias 1, kernel 2, … Adam takes some twenty small operations per variable, and
 * for networks of this size the calls cost more than the arithmetic.
 */

/** Lengths of the parts of the weight vector: kernel and bias of each layer. */
export function partSizes(plan: readonly LayerPlan[]): number[] {
  return plan.flatMap(({ inputs, units }) => [inputs * units, units]);
}

/**
 * Weights to start from. Kernels are uniform in ± √(6 / (inputs + units)) (Glorot and Bengio, 2010) or, before relu,
 * normal with deviation √(2 / inputs) (He et al., 2015); biases are 0.
 */
export function drawWeights(plan: readonly LayerPlan[], random: Random): Float32Array {
  return Float32Array.from(
    plan.flatMap(({ inputs, units, activation }) => {
      const draw =
        activation === 'relu'
          ? () => random.normal() * Math.sqrt(2 / inputs)
          : () => (2 * random.uniform() - 1) * Math.sqrt(6 / (inputs + units));
      return [...Array.from({ length: inputs * units }, draw), ...Array.from({ length: units }, () => 0)];
    }),
  );
}

/** 1 where the weight vector holds a kernel, 0 where it holds a bias. */
export function kernelMask(plan: readonly LayerPlan[]): Float32Array {
  const ofLength = (length: number, value: number): number[] => Array<number>(length).fill(value);
  return Float32Array.from(plan.flatMap(({ inputs, units }) => [...ofLength(inputs * units, 1), ...ofLength(units, 0)]));
}

/** Cuts the weight vector into tensors, kernel and bias of each layer. Gradients flow through. */
export function splitWeights(tensorflow: typeof tf, plan: readonly LayerPlan[], weights: tf.Tensor1D): LayerTensors[] {
  const parts = tensorflow.split(weights, partSizes(plan));
  return plan.map(({ inputs, units, activation }, at) => ({
    kernel: tensorflow.reshape(parts[2 * at]!, [inputs, units]),
    bias: parts[2 * at + 1]! as tf.Tensor1D,
    activation,
  }));
}

export interface LayerTensors {
  readonly kernel: tf.Tensor2D;
  readonly bias: tf.Tensor1D;
  readonly activation: Activation;
}

/** The network with the weights of a weight vector, copied. */
export function networkOf(plan: readonly LayerPlan[], weights: Float32Array): Network {
  let at = 0;
  const take = (length: number): Float32Array => weights.slice(at, (at += length));
  const layers = plan.map(({ inputs, units, activation }) => ({ units, activation, kernel: take(inputs * units), bias: take(units) }));
  return { inputs: plan[0]!.inputs, layers };
}
