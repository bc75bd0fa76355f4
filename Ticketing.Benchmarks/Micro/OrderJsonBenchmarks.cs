using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.Orders;

namespace Ticketing.Benchmarks.Micro;

/// <summary>An order as it is asked for, answered and read by others.</summary>
public class OrderJsonBenchmarks
{
    private readonly byte[] request = Encoding.UTF8.GetBytes($$"""{"ticketId":"{{Guid.CreateVersion7()}}","quantity":2}""");
    private OrderResponse order = null!;
    private byte[] answer = [];

    [GlobalSetup]
    public void Place()
    {
        var now = TimeProvider.System.GetUtcNow();
        order = new Order(
            Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), 2, 3998, "usd", "An evening at the opera", 1999, 3,
            "created", null, now, now.AddMinutes(1), 0).ToResponse();
        answer = Write();
    }

    [Benchmark(Description = "order, request read")]
    public object? ReadRequest() => JsonSerializer.Deserialize<PlaceOrderRequest>(request, JsonConventions.Options);

    [Benchmark(Description = "order, answer written")]
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(order, JsonConventions.Options);

    [Benchmark(Description = "order, answer read")]
    public OrderResponse? Read() => JsonSerializer.Deserialize<OrderResponse>(answer, JsonConventions.Options);
}
