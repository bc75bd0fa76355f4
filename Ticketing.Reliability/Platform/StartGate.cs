namespace Ticketing.Reliability;

/// <summary>
/// Platforms of one program start one after the other. A start occupies two cores for half a minute; several at once would each
/// take longer than their time limit.
/// </summary>
internal static class StartGate
{
    private static readonly SemaphoreSlim Gate = new(1);

    /// <summary>Waits for the starts before, and then starts.</summary>
    public static async Task<T> StartAsync<T>(Func<Task<T>> start, CancellationToken cancellationToken)
    {
        await Gate.WaitAsync(cancellationToken);
        try
        {
            return await start();
        }
        finally
        {
            Gate.Release();
        }
    }
}
