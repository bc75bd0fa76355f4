using System.Threading.RateLimiting;

namespace Ticketing.Auth.Users;

/// <summary>
/// Lets only as many requests check or set a password at once as there are cores; the others wait their turn without a
/// thread. Hashing keeps a core busy for a tenth of a second: a crowd that signs in would otherwise take every thread, and
/// renewals, keys and health checks would wait behind all of it.
/// </summary>
internal sealed class PasswordTurns : IEndpointFilter, IDisposable
{
    // Nobody is turned away: the limits on attempts do that, and a client that is gone leaves the queue.
    private readonly ConcurrencyLimiter turns = new(new() { PermitLimit = Environment.ProcessorCount, QueueLimit = int.MaxValue });

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        using var turn = await turns.AcquireAsync(cancellationToken: context.HttpContext.RequestAborted);
        return await next(context);
    }

    public void Dispose() => turns.Dispose();
}
