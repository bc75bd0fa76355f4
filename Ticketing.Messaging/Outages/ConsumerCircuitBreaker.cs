using System.Collections.Concurrent;
using System.Threading.Channels;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ticketing.ServiceDefaults;

namespace Ticketing.Messaging;

/// <summary>
/// Tells a message that cannot be handled from a server that is away, by asking the servers, and stops the consumers of the
/// service's durable queues while one is: their messages go back and wait in the queues, however long it takes. Consumers that
/// went on would hold messages until the broker takes them away, or fetch the same ones again and again; the broker counts both
/// against a message.
/// </summary>
/// <remarks>
/// A short outage is waited out with the messages in hand. An endpoint that is stopped by <see cref="IReceiveEndpoint.Stop"/>
/// and started again is what MassTransit's own kill switch does; that one trips on messages which are in the error queue already.
/// </remarks>
internal sealed partial class ConsumerCircuitBreaker(ServerProbe probe, TimeProvider clock, ILogger<ConsumerCircuitBreaker> logger)
    : BackgroundService, IReceiveEndpointObserver
{
    /// <summary>How long an outage is waited out with messages in hand.</summary>
    internal static readonly TimeSpan InHand = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>Consumers that stop again so soon after they came back are given more time the next time.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(1);

    /// <summary>By then every message in hand has been given back; else MassTransit cancels what is left.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<Uri, IReceiveEndpoint> endpoints = new();

    private readonly Channel<string> outages = Channel.CreateBounded<string>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private volatile string? outage;

    /// <summary>Why nothing is consumed; null while the consumers are there.</summary>
    public string? Outage => outage;

    /// <summary>
    /// After a failed attempt: returns once every server serves, so that it was the message that failed, or the outage was short.
    /// </summary>
    /// <exception cref="GivenBackException">A server is away: the consumers stop, and the message goes back to its queue.</exception>
    public async Task WaitForServersAsync(CancellationToken cancellationToken)
    {
        var since = clock.GetTimestamp();
        while ((outage ?? await probe.FindOutageAsync()) is { } reason)
        {
            if (outage is not null || clock.GetElapsedTime(since) >= InHand)
            {
                outage = reason;
                outages.Writer.TryWrite(reason);
                throw new GivenBackException(reason);
            }
            await Task.Delay(PollInterval, clock, cancellationToken);
        }
    }

    public Task Ready(ReceiveEndpointReady ready)
    {
        endpoints[ready.InputAddress] = ready.ReceiveEndpoint;
        return Task.CompletedTask;
    }

    public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

    public Task Faulted(ReceiveEndpointFaulted faulted) => Task.CompletedTask;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        this.KeepRunningAsync(RunAsync, clock, logger, stoppingToken);

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        // It was begun anew in the middle of an outage: the consumers still wait for its end.
        if (outage is { } known)
            outages.Writer.TryWrite(known);
        var pause = ShortestPause;
        var closed = clock.GetTimestamp();
        await foreach (var reason in outages.Reader.ReadAllAsync(stoppingToken))
        {
            outage = reason;
            LogStopped(reason);
            await Task.WhenAll(endpoints.Values.Select(endpoint => StopAsync(endpoint, stoppingToken)));
            pause = clock.GetElapsedTime(closed) < Settled ? TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks)) : ShortestPause;
            do
                await Task.Delay(pause, clock, stoppingToken);
            while (await probe.FindOutageAsync() is not null);

            closed = clock.GetTimestamp();
            outage = null;
            foreach (var endpoint in endpoints.Values)
                Start(endpoint);
            LogStarted();
        }
    }

    private async Task StopAsync(IReceiveEndpoint endpoint, CancellationToken stoppingToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        timeout.CancelAfter(StopTimeout);
        try
        {
            await endpoint.Stop(timeout.Token);
        }
        catch (Exception problem) when (!stoppingToken.IsCancellationRequested)
        {
            LogNotStopped(endpoint.InputAddress, problem);
        }
    }

    private void Start(IReceiveEndpoint endpoint)
    {
        try
        {
            endpoint.Start();
        }
        catch (InvalidOperationException neverStopped)
        {
            // ConsumerWatch ends the process if it does not consume.
            LogNotStarted(endpoint.InputAddress, neverStopped);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The consumers stop until every server serves: {Reason}")]
    private partial void LogStopped(string reason);

    [LoggerMessage(LogLevel.Warning, "Every server serves: the consumers start again")]
    private partial void LogStarted();

    [LoggerMessage(LogLevel.Warning, "The consumer of {Address} could not be stopped in good order")]
    private partial void LogNotStopped(Uri address, Exception problem);

    [LoggerMessage(LogLevel.Warning, "The consumer of {Address} could not be started again")]
    private partial void LogNotStarted(Uri address, Exception problem);
}

/// <summary>
/// A server is away: the message goes back to its queue. As a cancellation it passes MassTransit's error pipe, which moves a
/// message to the error queue for any other exception, and the delivery is rejected with <c>requeue</c>.
/// </summary>
/// <param name="reason">What is away.</param>
internal sealed class GivenBackException(string reason) : OperationCanceledException($"The message waits in its queue: {reason}");
