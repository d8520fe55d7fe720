using Auspex.Benchmarks.Scoring;
using BenchmarkDotNet.Running;

BenchmarkSwitcher.FromAssembly(typeof(TreeScoringBenchmarks).Assembly).Run(args);
return 0;
