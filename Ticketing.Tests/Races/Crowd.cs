namespace Ticketing.Tests.Races;

/// <summary>Many clients, each with a connection of its own that is open already, who then all start at once.</summary>
internal sealed class Crowd : IDisposable
{
    private const int EnteringAtOnce = 50;

    private readonly HttpClient[] clients;

    private Crowd(HttpClient[] clients) => this.clients = clients;

    public static async Task<Crowd> GatherAsync(int size, Func<int, HttpClient> enter)
    {
        var clients = Enumerable.Range(0, size).Select(enter).ToArray();
        foreach (var some in clients.Chunk(EnteringAtOnce))
            await Task.WhenAll(some.Select(async client => (await client.GetAsync("/alive")).EnsureSuccessStatusCode()));
        return new Crowd(clients);
    }

    /// <summary>Lets everybody act at the same time, and gives what came of it, in the order of the clients.</summary>
    public async Task<T[]> ActAsync<T>(Func<HttpClient, int, Task<T>> act)
    {
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var acts = clients.Select(async (client, index) =>
        {
            await start.Task;
            return await act(client, index);
        }).ToArray();
        start.SetResult();
        return await Task.WhenAll(acts);
    }

    public void Dispose()
    {
        foreach (var client in clients)
            client.Dispose();
    }
}
