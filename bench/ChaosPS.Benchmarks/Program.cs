using BenchmarkDotNet.Running;
using ChaosPS.Benchmarks.ManyPods;

if (args is ["many-pods", .. var rest]) await ManyPodsBenchmark.RunAsync(rest);
else BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
