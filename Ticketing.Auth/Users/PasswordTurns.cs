namespace Ticketing.Auth.Users;

/// <summary>
/// Lets only as many requests check or set a password at once as there are cores; the others wait their turn without a
/// thread. Hashing keeps a core busy for a tenth of a second: a crowd that signs in would otherwise take every thread, and
/// renewals, keys and health checks would wait behind all of it.
/// </summary>
internal sealed class PasswordTurns : IEndpointFilter, IDisposable
{
    private readonly SemaphoreSlim turns = new(Environment.ProcessorCount);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        await turns.WaitAsync(context.HttpContext.RequestAborted);
        try
        {
            return await next(context);
        }
        finally
        {
            turns.Release();
        }
    }

    public void Dispose() => turns.Dispose();
}
