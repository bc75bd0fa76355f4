using System.Diagnostics;
using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.Logging;
using Ticketing.Contracts;
using Ticketing.ServiceDefaults;

namespace Ticketing.Messaging;

/// <summary>
/// Gives a handler the events of a message together. If that fails, each is tried alone, and one that fails alone is put back
/// into the queue as a message of its own: there it is tried again, and laid aside with its reason, like any message, and takes
/// no other event with it.
/// </summary>
internal sealed partial class EventBatchConsumer<TEvent, THandler>(THandler handler, ILogger<THandler> logger) : IConsumer<EventBatch<TEvent>>
    where TEvent : class
    where THandler : class, IHandleEvents<TEvent>
{
    /// <summary>
    /// A batch that was taken back so often may be what ends the process: its events come alone from then on, long before
    /// <see cref="BoundedDelivery"/> lays a message aside.
    /// </summary>
    private const int RedeliveriesTogether = 5;

    /// <summary>So many that fail one after the other, each alone and each transiently, are not to blame: a server is away.</summary>
    private const int FailuresOfServer = 2;

    public async Task Consume(ConsumeContext<EventBatch<TEvent>> context)
    {
        var batch = context.Message.Events ?? throw new JsonException("The message has no events.");
        EventActivities.Tell(batch);
        if (batch is [var alone])
            await handler.HandleAsync([Read(alone)], context.CancellationToken);
        else if (BoundedDelivery.Redeliveries(context.ReceiveContext) >= RedeliveriesTogether)
            await PutBackAsync(context, batch);
        else
            await PutBackAsync(context, await HandleTogetherAsync(batch, context.CancellationToken));
    }

    /// <summary>Those that failed.</summary>
    private async Task<List<BatchedEvent>> HandleTogetherAsync(IReadOnlyList<BatchedEvent> batch, CancellationToken cancellationToken)
    {
        var (failed, good) = (new List<BatchedEvent>(), new List<(BatchedEvent Sent, ReceivedEvent<TEvent> Received)>());
        foreach (var sent in batch)
        {
            try
            {
                good.Add((sent, Read(sent)));
            }
            catch (JsonException unreadable)
            {
                LogPutBack(typeof(TEvent).Name, sent.Id, unreadable);
                failed.Add(sent);
            }
        }
        try
        {
            if (good.Count > 0)
                await handler.HandleAsync([.. good.Select(one => one.Received)], cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            await HandleEachAsync(good, failed, cancellationToken);
        }
        return failed;
    }

    private async Task HandleEachAsync(
        List<(BatchedEvent Sent, ReceivedEvent<TEvent> Received)> events, List<BatchedEvent> failed, CancellationToken cancellationToken)
    {
        var failures = 0;
        foreach (var (sent, received) in events)
        {
            try
            {
                await handler.HandleAsync([received], cancellationToken);
                failures = 0;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                // The message waits and is tried again as a whole; what was done of it already is harmless.
                if (TransientFailure.Is(exception) && ++failures == FailuresOfServer)
                    throw;
                LogPutBack(typeof(TEvent).Name, sent.Id, exception);
                failed.Add(sent);
            }
        }
    }

    /// <summary>As messages of their own, confirmed before this one is acknowledged.</summary>
    private static async Task PutBackAsync(ConsumeContext context, IReadOnlyList<BatchedEvent> events)
    {
        if (events.Count == 0)
            return;
        var queue = await context.GetSendEndpoint(context.ReceiveContext.InputAddress);
        foreach (var sent in events)
        {
            using var activity = Telemetry.Source.StartActivity($"put back {typeof(TEvent).Name}", ActivityKind.Producer, parentId: sent.TraceParent);
            await queue.Send(new EventBatch<TEvent>([sent]), message => message.MessageId = sent.Id, context.CancellationToken);
        }
    }

    private static ReceivedEvent<TEvent> Read(BatchedEvent sent) => new(
        sent.Event.Deserialize<TEvent>(JsonConventions.Options) ?? throw new JsonException($"The event {sent.Id} is null."),
        sent.TraceParent);

    [LoggerMessage(LogLevel.Warning, "{Event} {Id} failed alone and is put back as a message of its own")]
    private partial void LogPutBack(string @event, Guid id, Exception exception);
}
