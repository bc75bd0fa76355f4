using Microsoft.AspNetCore.Mvc;
using Ticketing.ServiceDefaults;

namespace Ticketing.Orders;

/// <summary>The routes of this service. All need a session.</summary>
internal static class OrdersApi
{
    public static void MapOrdersApi(this IEndpointRouteBuilder app)
    {
        var orders = app.MapGroup("/api/orders").WithTags("Orders").WithMetadata(new RouteId("id", Telemetry.OrderId));
        orders.MapPost("/", PlaceOrder.HandleAsync)
            .WithName("placeOrder").WithSummary("Reserve tickets")
            .Produces<PlaceOrderProblem>(StatusCodes.Status400BadRequest, "application/problem+json")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .Produces<TooManyProblem>(StatusCodes.Status429TooManyRequests, "application/problem+json");
        orders.MapGet("/", ListOrders.HandleAsync)
            .WithName("listOrders").WithSummary("My orders, newest first");
        orders.MapGet("/{id}", GetOrder.HandleAsync)
            .WithName("getOrder").WithSummary("One of my orders");
        orders.MapDelete("/{id}", CancelOrder.HandleAsync)
            .WithName("cancelOrder").WithSummary("Give the tickets back")
            .WithDescription("Refused once the order is complete.")
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }
}

/// <summary>A reservation that the listing's state does not allow, or a request that is wrong.</summary>
internal sealed class PlaceOrderProblem : ProblemDetails
{
    /// <summary>The buyer's own open order that holds tickets of the listing, where that is why there are too few.</summary>
    public Guid? OrderId { get; init; }

    /// <summary>The listing's price for one ticket now, where another one was expected.</summary>
    public decimal? Price { get; init; }

    /// <summary>The currency of that price.</summary>
    public string? Currency { get; init; }

    /// <summary>The listing's version now, where another one was expected.</summary>
    public int? Version { get; init; }
}

/// <summary>
/// Too many tickets are held at once, or two holds of the listing went unpaid; or, at the site, the listing has a waiting room and it is not the buyer's turn. Then the
/// problem says how the buyer stands.
/// </summary>
internal sealed class TooManyProblem : ProblemDetails
{
    /// <summary>The place in line, from 1.</summary>
    public long? Position { get; init; }

    /// <summary>Until the likely turn.</summary>
    public long? EstimatedSeconds { get; init; }

    /// <summary>The address to ask how one stands.</summary>
    public string? WaitingRoom { get; init; }
}
