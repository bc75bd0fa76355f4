using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ticketing.Demo;

/// <summary>Fills the site, says who may sign in, and lets people buy until the application stops.</summary>
internal sealed partial class Demonstration(
    Site site, IOptions<DemoOptions> options, TimeProvider clock, ILogger<Demonstration> logger) : BackgroundService
{
    /// <summary>Purchases at the same time; whoever comes while so many are under way does not buy.</summary>
    private const int AtOnce = 5;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await UntilItWorksAsync(async () => LogListed(await Sellers.ListAsync(site, options.Value.Listings, clock.GetUtcNow(), stoppingToken), options.Value.Listings), stoppingToken);
        var buyers = Channel.CreateBounded<Visitor>(options.Value.Buyers);
        for (var buyer = 0; buyer < options.Value.Buyers; buyer++)
            await UntilItWorksAsync(async () => buyers.Writer.TryWrite(await site.VisitAsync(Buyers.EmailOf(buyer), stoppingToken)), stoppingToken);
        LogAccounts(Sellers.EmailOf(0), Sellers.EmailOf(Sellers.Count - 1), Buyers.EmailOf(0), Buyers.EmailOf(options.Value.Buyers - 1), Visitor.Password);

        var underWay = new List<Task>();
        try
        {
            while (true)
            {
                // Exponential: as people come who know nothing of each other, but never a crowd.
                var pause = Math.Min(-Math.Log(1 - Random.Shared.NextDouble()), 5) * options.Value.SecondsBetweenPurchases;
                await Task.Delay(TimeSpan.FromSeconds(pause), clock, stoppingToken);
                underWay.RemoveAll(purchase => purchase.IsCompleted);
                if (underWay.Count < AtOnce && buyers.Reader.TryRead(out var buyer))
                    underWay.Add(BuyAsync(buyer, buyers.Writer, stoppingToken));
            }
        }
        finally
        {
            await Task.WhenAll(underWay).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (buyers.Reader.TryRead(out var buyer))
                buyer.Dispose();
        }
    }

    private async Task BuyAsync(Visitor buyer, ChannelWriter<Visitor> back, CancellationToken stoppingToken)
    {
        try
        {
            var (outcome, title) = await Buyers.BuyAsync(buyer, clock, stoppingToken);
            LogPurchase(buyer.Email, title, outcome);
        }
        catch (Exception failure) when (failure is RefusedException or HttpRequestException || (failure is TaskCanceledException && !stoppingToken.IsCancellationRequested))
        {
            // A service is stopped or slow: somebody plays with the dashboard. The next one may have more luck.
            LogFailed(buyer.Email, failure.Message);
        }
        finally
        {
            back.TryWrite(buyer);
        }
    }

    private async Task UntilItWorksAsync(Func<Task> work, CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await work();
                return;
            }
            catch (Exception failure) when (failure is RefusedException or HttpRequestException || (failure is TaskCanceledException && !stoppingToken.IsCancellationRequested))
            {
                LogWaiting(failure.Message);
                await Task.Delay(RetryDelay, clock, stoppingToken);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "Listed {New} events; there are {All} now.")]
    private partial void LogListed(int @new, int all);

    [LoggerMessage(LogLevel.Information, "Sign in as {FirstSeller} … {LastSeller} or {FirstBuyer} … {LastBuyer}; the password of all is: {Password}")]
    private partial void LogAccounts(string firstSeller, string lastSeller, string firstBuyer, string lastBuyer, string password);

    [LoggerMessage(LogLevel.Information, "{Buyer}: {Title}: {Outcome}")]
    private partial void LogPurchase(string buyer, string title, Outcome outcome);

    [LoggerMessage(LogLevel.Warning, "{Buyer}: {Reason}")]
    private partial void LogFailed(string buyer, string reason);

    [LoggerMessage(LogLevel.Warning, "The site is not ready, trying again: {Reason}")]
    private partial void LogWaiting(string reason);
}
