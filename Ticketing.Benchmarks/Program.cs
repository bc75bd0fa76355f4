using System.CommandLine;
using Ticketing.Benchmarks;
using Ticketing.Reliability;

return await new RootCommand("Measures the platform on this machine, and writes what it finds into the pages of docs.")
{
    ReservationsCommand.Create(),
    OriginalCommand.Create(),
    LatencyCommand.Create(),
    OverloadCommand.Create(),
    PipelineCommand.Create(),
    ExpiryCommand.Create(),
    LineCommand.Create(),
    StartupCommand.Create(),
    MicroCommand.Create(),
    ScalingCommand.Create(),
    ShortCommand.Create(),
}.RunAsync(args);
