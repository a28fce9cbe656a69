using ChaosPS.Cli;

return await CommandLine.InvokeAsync(args, Terminal.OfProcess());
