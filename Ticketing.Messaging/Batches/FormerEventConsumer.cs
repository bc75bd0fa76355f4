using System.Diagnostics;
using MassTransit;
using Ticketing.Contracts;

namespace Ticketing.Messaging;

/// <summary>Hears a message of the release before, which carries one event and is called after it.</summary>
internal sealed class FormerEventConsumer<TEvent, THandler>(THandler handler) : IConsumer<TEvent>
    where TEvent : class
    where THandler : class, IHandleEvents<TEvent>
{
    public Task Consume(ConsumeContext<TEvent> context) =>
        handler.HandleAsync([new(context.Message, Activity.Current?.Id)], context.CancellationToken);
}

/// <summary>The same where the event had another name.</summary>
internal sealed class RenamedEventConsumer<TFormer, TEvent, THandler>(THandler handler) : IConsumer<TFormer>
    where TFormer : class, IFormerEvent<TEvent>
    where TEvent : class
    where THandler : class, IHandleEvents<TEvent>
{
    public Task Consume(ConsumeContext<TFormer> context) =>
        handler.HandleAsync([new(context.Message.ToCurrent(), Activity.Current?.Id)], context.CancellationToken);
}
