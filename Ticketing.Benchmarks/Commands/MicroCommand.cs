using System.CommandLine;
using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using BenchmarkDotNet.Validators;
using Ticketing.Benchmarks.Micro;
using Ticketing.Reliability;

namespace Ticketing.Benchmarks;

/// <summary>What the small steps of a request cost, each for itself.</summary>
internal static class MicroCommand
{
    private static readonly Option<string> JobLength =
        new Option<string>("--job") { Description = "Longer is more exact", DefaultValueFactory = _ => "short" }.AcceptOnlyFromAmong("short", "medium", "long");

    public static Command Create() =>
        new Command("micro", "Time and memory of the token check, an order's JSON and the batcher, by BenchmarkDotNet") { JobLength }.Runs(RunAsync);

    private static async Task RunAsync(ParseResult options, CancellationToken cancellationToken)
    {
        var job = options.GetValue(JobLength) switch
        {
            "long" => Job.LongRun,
            "medium" => Job.MediumRun,
            _ => Job.ShortRun,
        };
        var report = new Report("micro", "what", "time", "± error", "allocated, bytes");
        // In this process: the default makes a project of its own and restores it, for which there may be no network.
        var artifacts = Directory.CreateTempSubdirectory("ticketing-benchmarks-");
        try
        {
            var config = ManualConfig.CreateEmpty()
                .AddJob(job.WithToolchain(InProcessEmitToolchain.Instance))
                .AddLogger(NullLogger.Instance)
                .AddDiagnoser(MemoryDiagnoser.Default)
                .AddValidator(JitOptimizationsValidator.FailOnError)
                .WithArtifactsPath(artifacts.FullName);
            foreach (var type in (Type[])[typeof(TokenBenchmarks), typeof(OrderJsonBenchmarks), typeof(BatcherBenchmarks)])
            {
                var summary = await Task.Run(() => BenchmarkRunner.Run(type, config), cancellationToken);
                if (summary.HasCriticalValidationErrors || summary.Reports.Any(result => !result.Success))
                    throw new InvalidOperationException($"{type.Name} did not run:\n{string.Join('\n', summary.ValidationErrors)}");
                foreach (var result in summary.Reports)
                {
                    var time = result.ResultStatistics!;
                    report.Add(
                        result.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo.Trim('\''), Time(time.Mean), Time(time.StandardError),
                        $"{result.GcStats.GetBytesAllocatedPerOperation(result.BenchmarkCase):#,0}");
                }
            }
        }
        finally
        {
            artifacts.Delete(recursive: true);
        }
        report.Note("One thread, but for the batcher's lanes; with the services' own settings of compiler and collector. The error is that of the mean.");
        report.Publish();

        static string Time(double nanoseconds) => nanoseconds < 1_000
            ? string.Create(CultureInfo.InvariantCulture, $"{nanoseconds:0} ns")
            : string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1_000:0.0} µs");
    }
}
