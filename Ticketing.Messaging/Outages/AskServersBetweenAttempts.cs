using MassTransit;

namespace Ticketing.Messaging;

/// <summary>
/// After each failed attempt, also the last one, sees whether a server is away: an attempt during an outage says nothing about
/// the message.
/// </summary>
internal sealed class AskServersBetweenAttempts(ConsumerCircuitBreaker breaker) : IRetryObserver
{
    public Task PostFault<T>(RetryContext<T> context)
        where T : class, PipeContext => breaker.WaitForServersAsync(context.CancellationToken);

    public Task RetryFault<T>(RetryContext<T> context)
        where T : class, PipeContext => breaker.WaitForServersAsync(context.CancellationToken);

    public Task PostCreate<T>(RetryPolicyContext<T> context)
        where T : class, PipeContext => Task.CompletedTask;

    public Task PreRetry<T>(RetryContext<T> context)
        where T : class, PipeContext => Task.CompletedTask;

    public Task RetryComplete<T>(RetryContext<T> context)
        where T : class, PipeContext => Task.CompletedTask;
}
