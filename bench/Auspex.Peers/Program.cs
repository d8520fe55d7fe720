using Auspex.Peers;

// The same command line as the scripts in bench/peers: PEER train WORKLOAD TABLE MODEL, or PEER score WORKLOAD MODEL INPUT OUTPUT.
switch (args)
{
    case ["mlnet-fasttree" or "mlnet-lightgbm", "train", var workload, var table, var model]:
        MlNetTrees.Train(args[0], Workload.Named(workload), table, model);
        return 0;
    case [_, "fit", var workload, var table, var test] when args[0].StartsWith("mlnet-", StringComparison.Ordinal):
        MlNetTrees.Fit(args[0], Workload.Named(workload), table, test);
        return 0;
    case ["mlnet-fasttree" or "mlnet-lightgbm", "score", var workload, var model, var input, var output]:
        MlNetTrees.Score(args[0], Workload.Named(workload), model, input, output);
        return 0;
    case ["onnx-runtime", "score", var workload, var model, var input, var output]:
        OnnxModel.Score(Workload.Named(workload), model, input, output);
        return 0;
    case ["duckdb-typed" or "duckdb-text", "score", var workload, _, var input, var output]:
        DuckCopy.Copy(args[0], Workload.Named(workload), input, output);
        return 0;
    case ["quartz", .. { Length: 2 } rest]:
        return await QuartzJobs.RunAsync(rest);
    case [var peer, "version"]:
        Console.WriteLine(PeerReport.VersionOf(peer));
        return 0;
    default:
        Console.Error.WriteLine("peers: expected PEER train WORKLOAD TABLE MODEL, PEER score WORKLOAD MODEL INPUT OUTPUT, PEER version, or quartz STEPS CHAINS.");
        return 2;
}
