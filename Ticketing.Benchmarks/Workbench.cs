using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dapper;
using RabbitMQ.Client;
using Ticketing.Contracts;
using Ticketing.Reliability;

namespace Ticketing.Benchmarks;

/// <summary>
/// A whole platform of one's own on this machine, as people run it, with the limits per user and per address lifted; with
/// users who are signed in, and listings.
/// </summary>
internal sealed class Workbench : IAsyncDisposable
{
    /// <summary>More than any run reserves.</summary>
    public const int Plenty = 1_000_000;

    private const int Users = 2_000;

    private readonly HostedPlatform hosted;
    private readonly Sessions sessions;
    private readonly DirectoryInfo files = Directory.CreateTempSubdirectory("ticketing-benchmarks-");

    private Workbench(HostedPlatform hosted, Sessions sessions) => (this.hosted, this.sessions) = (hosted, sessions);

    public Platform Platform => hosted.Platform;

    /// <summary>Auth, with the keys that verify sessions.</summary>
    public Uri Auth => hosted.AddressOf("auth");

    /// <summary>Orders itself, without the site before it.</summary>
    public Uri Orders => hosted.AddressOf("orders");

    /// <summary>A file with a token of each user, a line each.</summary>
    public string Tokens => Path.Combine(files.FullName, "tokens");

    public static async Task<Workbench> OpenAsync(CancellationToken cancellationToken, params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string> { ["Parameters:rate_limits"] = "off", ["Parameters:hold_seconds"] = "3600" };
        foreach (var (name, value) in settings)
            all[name] = value;
        var options = new HostingOptions
        {
            Settings = all,
            ServiceEnvironment = new Dictionary<string, string>
            {
                // As it is deployed.
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["Sandbox__KeptPayments"] = "1000000",
            },
        };
        var hosted = await HostedPlatform.StartAsync(options, cancellationToken);
        var bench = new Workbench(hosted, await Sessions.OpenAsync(hosted.Platform, cancellationToken));
        await File.WriteAllLinesAsync(bench.Tokens, Enumerable.Range(0, Users).Select(_ => bench.TokenFor(Guid.CreateVersion7())), cancellationToken);
        return bench;
    }

    public string TokenFor(Guid user) => sessions.TokenFor(user);

    /// <summary>
    /// Lists so many, and returns a file with their ids, a line each, when Orders knows them all; with a waiting room that lets
    /// so many through, if that is said.
    /// </summary>
    public async Task<string> ListAsync(int count, int quantity, CancellationToken cancellationToken, int? buyersPerMinute = null)
    {
        using var client = new HttpClient { BaseAddress = Platform.Site };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TokenFor(Guid.CreateVersion7()));
        var ids = new Guid[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = cancellationToken }, async (index, token) =>
        {
            using var answer = await client.PostAsJsonAsync("/api/tickets", new { title = "Concert", price = 19.99, quantity, buyersPerMinute }, token);
            ids[index] = Guid.Parse((await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonNode>(token))!["id"]!.ToString());
        });
        await using var orders = await Platform.Database("orders").OpenConnectionAsync(cancellationToken);
        while (await orders.ExecuteScalarAsync<long>("SELECT count(*) FROM listings WHERE id = ANY(@ids)", new { ids }) < count)
            await Task.Delay(100, cancellationToken);
        var file = Path.Combine(files.FullName, $"listings-{Guid.NewGuid():N}");
        await File.WriteAllLinesAsync(file, ids.Select(id => id.ToString()), cancellationToken);
        return file;
    }

    /// <summary>Lists one with enough for all, and gives its id.</summary>
    public async Task<string> ListOneAsync(CancellationToken cancellationToken, int? buyersPerMinute = null) =>
        (await File.ReadAllLinesAsync(await ListAsync(1, Plenty, cancellationToken, buyersPerMinute), cancellationToken))[0];

    /// <summary>Lists one with enough for all, and gives requests of one ticket of it each, by one user after the other, by their number.</summary>
    public async Task<Func<int, byte[]>> HotListingAsync(CancellationToken cancellationToken)
    {
        var listing = await ListOneAsync(cancellationToken);
        var requests = (await File.ReadAllLinesAsync(Tokens, cancellationToken)).Select(token => Requests.Order(token, listing)).ToArray();
        return number => requests[number % requests.Length];
    }

    /// <summary>
    /// Throws away what is still to be told to the other services, so that what is measured next has the machine for itself.
    /// </summary>
    public async Task ForgetEventsAsync(CancellationToken cancellationToken)
    {
        await using var orders = await Platform.Database("orders").OpenConnectionAsync(cancellationToken);
        await orders.ExecuteAsync("TRUNCATE outbox");
        await PurgeAsync(Topology.Queues.Select(queue => queue.Name), cancellationToken);
    }

    /// <summary>Throws away what waits in these queues.</summary>
    public async Task PurgeAsync(IEnumerable<string> queues, CancellationToken cancellationToken)
    {
        await using var broker = await new ConnectionFactory { Uri = Platform.Broker }.CreateConnectionAsync(cancellationToken);
        await using var channel = await broker.CreateChannelAsync(cancellationToken: cancellationToken);
        foreach (var queue in queues)
            await channel.QueuePurgeAsync(queue, cancellationToken);
    }

    /// <summary>Waits until everybody was told everything.</summary>
    public async Task SettledAsync(CancellationToken cancellationToken)
    {
        await using var broker = await new ConnectionFactory { Uri = Platform.Broker }.CreateConnectionAsync(cancellationToken);
        await using var channel = await broker.CreateChannelAsync(cancellationToken: cancellationToken);
        while (true)
        {
            long left = 0;
            foreach (var service in (string[])["tickets", "orders", "payments"])
            {
                await using var database = await Platform.Database(service).OpenConnectionAsync(cancellationToken);
                left += await database.ExecuteScalarAsync<long>("SELECT count(*) FROM outbox");
            }
            foreach (var queue in Topology.Queues)
                left += await channel.MessageCountAsync(queue.Name, cancellationToken);
            if (left == 0)
                return;
            await Task.Delay(100, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await hosted.DisposeAsync();
        files.Delete(recursive: true);
    }
}
