using Auspex.Cli;

return await CommandLineProgram.RunAsync(args);
