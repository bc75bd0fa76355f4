using System.CommandLine;
using Ticketing.Reliability;
using Ticketing.Reliability.Fuzzing;

// The exit code is 0 when what was tried holds.
return await new RootCommand("Attacks a platform that runs as real processes, and judges what is left.")
{
    CheckCommand.Create(),
    WorkloadCommand.Create(),
    FaultsCommand.Create(),
    SoakCommand.Create(),
    FuzzCommand.Create(),
}.RunAsync(args);
