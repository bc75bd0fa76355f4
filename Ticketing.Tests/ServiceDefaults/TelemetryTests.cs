using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Trace;
using Shouldly;
using Ticketing.ServiceDefaults;
using Ticketing.Tests.Infrastructure;
using Xunit;

namespace Ticketing.Tests.ServiceDefaults;

public sealed partial class TelemetryTests
{
    [Fact]
    public void So_many_traces_a_second_are_followed_and_those_that_others_began_all()
    {
        var clock = new FakeTimeProvider();
        var sampler = new ParentBasedSampler(new TraceSampler(2, clock));

        Begin().ShouldBe([true, true, false, false]);
        Sampled(sampler, ActivityTraceFlags.Recorded).ShouldBeTrue();
        Sampled(sampler, ActivityTraceFlags.None).ShouldBeFalse();

        clock.Advance(TimeSpan.FromSeconds(1));
        Begin().ShouldBe([true, true, false, false]);

        List<bool> Begin() => [.. Enumerable.Range(0, 4).Select(_ => Sampled(sampler))];
    }

    [Fact]
    public void A_call_to_a_server_that_belongs_to_nothing_is_not_followed_and_takes_nobodys_place()
    {
        var sampler = new TraceSampler(1, TimeProvider.System);

        Sampled(sampler, kind: ActivityKind.Client).ShouldBeFalse();
        Sampled(sampler).ShouldBeTrue();
    }

    [Fact]
    public void A_log_record_has_the_ids_of_the_work_around_it()
    {
        using var recorded = new RecordedActivities();
        var kept = new Kept();
        using (var loggers = LoggerFactory.Create(logging => logging.AddOpenTelemetry(options =>
            options.AddProcessor(new IdsOnLogs()).AddProcessor(kept))))
        {
            var logger = loggers.CreateLogger("test");
            var (order, ticket) = (Guid.CreateVersion7(), Guid.CreateVersion7());
            using (Telemetry.Source.StartActivity("outer"))
            {
                Telemetry.About(Telemetry.OrderId, order);
                using (Telemetry.Source.StartActivity("inner"))
                {
                    Telemetry.About(Telemetry.TicketId, ticket);
                    Happened(logger, "Both");
                }
                Happened(logger, "One");
            }
            Happened(logger, "None");

            kept.Ids.ShouldBe([$"{order} {ticket}", $"{order} ", " "]);
        }
    }

    [LoggerMessage(LogLevel.Information, "Happened: {What}")]
    private static partial void Happened(ILogger logger, string what);

    private static bool Sampled(Sampler sampler, ActivityTraceFlags? parent = null, ActivityKind kind = ActivityKind.Server)
    {
        var trace = ActivityTraceId.CreateRandom();
        var context = parent is { } flags ? new ActivityContext(trace, ActivitySpanId.CreateRandom(), flags, isRemote: true) : default;
        return sampler.ShouldSample(new SamplingParameters(context, trace, "work", kind)).Decision == SamplingDecision.RecordAndSample;
    }

    private sealed class Kept : BaseProcessor<LogRecord>
    {
        public List<string> Ids { get; } = [];

        public override void OnEnd(LogRecord data) => Ids.Add($"{Find(data, Telemetry.OrderId)} {Find(data, Telemetry.TicketId)}");

        private static object? Find(LogRecord data, string name) =>
            data.Attributes?.FirstOrDefault(attribute => attribute.Key == name).Value;
    }
}
