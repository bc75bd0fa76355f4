using System.Collections.Concurrent;
using MassTransit;
using Ticketing.ServiceDefaults;

namespace Ticketing.Tests.Model;

/// <summary>Tells when a service has dealt with a message.</summary>
internal sealed class Consumptions : IConsumeObserver
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<Guid, TaskCompletionSource> awaited = [];

    /// <summary>Publishes a message and waits until it was consumed.</summary>
    /// <param name="publish">Publishes it under the id that it is given.</param>
    /// <exception cref="Exception">The consumer threw it: the message is in the error queue.</exception>
    public async Task WaitAsync(Func<Guid, Task> publish)
    {
        var id = Guid.NewGuid();
        var consumed = awaited[id] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await publish(id);
        await consumed.Task.WaitAsync(Patience);
    }

    Task IConsumeObserver.PreConsume<T>(ConsumeContext<T> context) => Task.CompletedTask;

    Task IConsumeObserver.PostConsume<T>(ConsumeContext<T> context)
    {
        if (context.MessageId is { } id && awaited.TryRemove(id, out var consumed))
            consumed.SetResult();
        return Task.CompletedTask;
    }

    Task IConsumeObserver.ConsumeFault<T>(ConsumeContext<T> context, Exception exception)
    {
        // What passes by itself is tried again.
        if (!TransientFailure.Is(exception) && context.MessageId is { } id && awaited.TryRemove(id, out var consumed))
            consumed.SetException(exception);
        return Task.CompletedTask;
    }
}
