using BenchmarkDotNet.Running;
using ChaosPS.Benchmarks.Experiments;
using ChaosPS.Benchmarks.Losses;
using ChaosPS.Benchmarks.ManyPods;

if (args is ["many-pods", .. var rest]) await ManyPodsBenchmark.RunAsync(rest);
else if (args is ["losses", .. var sizes]) LossesBenchmark.Run(sizes);
else if (args is ["experiments", .. var command]) await ExperimentBenchmark.RunAsync(command);
else BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
