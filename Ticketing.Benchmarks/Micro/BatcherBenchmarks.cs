using BenchmarkDotNet.Attributes;
using Ticketing.Orders;
using Ticketing.Orders.Placing;

namespace Ticketing.Benchmarks.Micro;

/// <summary>
/// What <see cref="GroupCommit{TKey, TRequest, TOutcome}"/> itself costs: with Orders' bounds, and a commit that takes no time.
/// </summary>
public class BatcherBenchmarks
{
    private const int Together = 256;

    private readonly Reservation[] reservations =
        [.. Enumerable.Range(0, Together).Select(_ => new Reservation(Guid.CreateVersion7(), Guid.CreateVersion7(), 1, null, null))];

    private readonly Placement?[] placements = [.. Enumerable.Repeat(new Placement(Order: null, Refusal: null), Together)];
    private GroupCommit<Guid, Reservation, Placement> batcher = null!;
    private Task working = Task.CompletedTask;

    [GlobalSetup]
    public void Open()
    {
        batcher = new(
            (asked, _) => Task.FromResult<IReadOnlyList<Placement?>>(new ArraySegment<Placement?>(placements, 0, asked.Count)),
            Reservations.BoundsOf(new OrdersOptions()), TimeProvider.System);
        working = batcher.RunAsync(CancellationToken.None);
    }

    [GlobalCleanup]
    public Task CloseAsync()
    {
        batcher.Close();
        return working;
    }

    [Benchmark(Description = "batcher, one request alone")]
    public async Task AloneAsync() => await PlaceAsync(reservations[0].TicketId, reservations[0]);

    [Benchmark(Description = "batcher, 256 together on one listing, each", OperationsPerInvoke = Together)]
    public Task TogetherAsync() => Task.WhenAll(reservations.Select(one => PlaceAsync(reservations[0].TicketId, one)));

    [Benchmark(Description = "batcher, 256 together on 256 listings, each", OperationsPerInvoke = Together)]
    public Task SpreadAsync() => Task.WhenAll(reservations.Select(one => PlaceAsync(one.TicketId, one)));

    private async Task PlaceAsync(Guid listing, Reservation reservation)
    {
        if (await batcher.SubmitAsync(listing, reservation, CancellationToken.None) is null)
            throw new InvalidOperationException("There was no room.");
    }
}
