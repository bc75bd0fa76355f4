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

/// <summary>
/// Too many tickets are held at once; or, at the site, the listing has a waiting room and it is not the buyer's turn. Then the
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
