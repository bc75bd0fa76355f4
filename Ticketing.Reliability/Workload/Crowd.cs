namespace Ticketing.Reliability;

/// <summary>
/// Sellers and buyers who all act at once. What each decides follows from the seed; when they get to it is up to the
/// machine.
/// </summary>
internal sealed class Crowd(Platform platform, Sessions sessions, Account account, int seed, int buyers, int sellers) : IAsyncDisposable
{
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(30);

    private readonly Market market = new();
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false })
    {
        BaseAddress = platform.Site,
        Timeout = AnswerPatience,
    };

    private CancellationTokenSource stop = new();
    private Task acting = Task.CompletedTask;
    private int round;

    /// <summary>Lets them begin.</summary>
    public void Start()
    {
        stop.Dispose();
        stop = new();
        round++;
        acting = Task.WhenAll(
        [
            .. Enumerable.Range(0, sellers).Select(number => SellAsync(number, stop.Token)),
            .. Enumerable.Range(0, buyers).Select(number => BuyAsync(number, stop.Token)),
        ]);
    }

    /// <summary>Lets everybody finish what they are at, and no more.</summary>
    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await acting;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await acting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
        http.Dispose();
    }

    private async Task SellAsync(int number, CancellationToken stopping)
    {
        var random = Fork(number);
        var seller = new Seller(NewClient().Client, NewClient().Client, market, account, random);
        while (await PauseAsync(random, 2000, stopping))
            await seller.ActAsync();
    }

    private async Task BuyAsync(int number, CancellationToken stopping)
    {
        var random = Fork(sellers + number);
        while (await PauseAsync(random, 1000, stopping))
        {
            // Somebody new each time: nobody may hold more than so many at once.
            var (userId, client) = NewClient();
            await new Buyer(userId, client, NewClient().Client, market, account, random).ActAsync();
        }
    }

    // Not HashCode: that differs from run to run.
    private Random Fork(int actor) => new(unchecked((((seed * 31) + round) * 10_007) + actor));

    private (Guid UserId, Client Client) NewClient()
    {
        var userId = Guid.CreateVersion7();
        return (userId, new Client(http, sessions.TokenFor(userId), account));
    }

    private static async Task<bool> PauseAsync(Random random, int mostMilliseconds, CancellationToken stopping)
    {
        await Task.Delay(random.Next(mostMilliseconds), stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !stopping.IsCancellationRequested;
    }
}
