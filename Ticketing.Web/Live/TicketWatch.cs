using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR;
using Ticketing.Contracts.Api;
using Ticketing.ServiceDefaults;
using Ticketing.Web.Services;

namespace Ticketing.Web.Live;

/// <summary>
/// Tells the pages that show a ticket how many are left. An order's event is only the sign that something changed:
/// Tickets hears of it at its own pace, so for a while after each event this looks at what Tickets says, once for all
/// who watch, however many they are.
/// </summary>
internal sealed class TicketWatch(
    IServiceScopeFactory scopes, IHubContext<LiveHub> hub, TimeProvider time, ILogger<TicketWatch> logger) : BackgroundService
{
    /// <summary>Between two looks at a ticket that is changing.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>How long after the last event to go on looking: Tickets shows an order's effect within a second.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private const int LooksAtOnce = 16;

    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(2);

    private readonly Watchers<Guid> watchers = new();
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> lookUntil = new();

    /// <summary>What was pushed since the ticket began to change; what the pages knew before is not known here.</summary>
    private readonly ConcurrentDictionary<Guid, TicketState> told = new();

    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>One more page shows the ticket.</summary>
    public void Begin(Guid ticketId) => watchers.Begin(ticketId);

    /// <summary>One page less shows it.</summary>
    public void End(Guid ticketId) => watchers.End(ticketId);

    /// <summary>Something happened that may change what the ticket's pages show.</summary>
    public void Changed(Guid ticketId)
    {
        if (!watchers.Contains(ticketId))
            return;
        lookUntil[ticketId] = time.GetUtcNow() + Patience;
        wake.Writer.TryWrite(true);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        this.KeepRunningAsync(RunAsync, time, logger, stoppingToken);

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        do
        {
            while (!lookUntil.IsEmpty)
            {
                var looks = new ParallelOptions { MaxDegreeOfParallelism = LooksAtOnce, CancellationToken = stoppingToken };
                await Parallel.ForEachAsync(lookUntil.ToArray(), looks, LookAsync);
                await Task.Delay(Pause, time, stoppingToken);
            }
        }
        while (await wake.Reader.ReadAsync(stoppingToken));
    }

    private async ValueTask LookAsync(KeyValuePair<Guid, DateTimeOffset> due, CancellationToken stoppingToken)
    {
        var (ticketId, until) = due;
        // Decided before the look, so that the last look is later than the deadline. An event meanwhile changed the
        // deadline, and then the pair is no longer there to be removed.
        var last = (time.GetUtcNow() >= until || !watchers.Contains(ticketId)) && lookUntil.TryRemove(due);
        var state = await ReadAsync(ticketId, stoppingToken);
        if (state is not null && state != told.GetValueOrDefault(ticketId))
        {
            told[ticketId] = state;
            await hub.TellAboutTicketAsync(ticketId, state.ToView, stoppingToken);
        }
        if (last)
            told.TryRemove(ticketId, out _);
    }

    private async Task<TicketState?> ReadAsync(Guid ticketId, CancellationToken stoppingToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        timeout.CancelAfter(ReadTimeout);
        await using var scope = scopes.CreateAsyncScope();
        try
        {
            var answer = await scope.ServiceProvider.GetRequiredService<TicketsClient>().GetAsync(ticketId, timeout.Token);
            return new TicketState(ticketId, answer.Value);
        }
        catch (Exception failure) when (failure is ServiceDownException
            || (failure is OperationCanceledException && !stoppingToken.IsCancellationRequested))
        {
            // The pages ask for themselves now and then; they learn of it when Tickets is back.
            LiveLog.NotRead(logger, failure, ticketId);
            return null;
        }
    }

    /// <summary>What Tickets says of a ticket; null if there is none any more.</summary>
    private sealed record TicketState(Guid Id, TicketResponse? Ticket)
    {
        public TicketView ToView() => Ticket is null ? TicketView.Gone(Id) : TicketView.Of(Ticket);
    }
}
