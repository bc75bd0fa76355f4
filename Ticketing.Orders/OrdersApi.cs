using Ticketing.ServiceDefaults;

namespace Ticketing.Orders;

/// <summary>The routes of this service. All need a session.</summary>
internal static class OrdersApi
{
    public static void MapOrdersApi(this IEndpointRouteBuilder app)
    {
        var orders = app.MapGroup("/api/orders").WithTags("Orders").WithMetadata(new RouteId("id", Telemetry.OrderId));
        orders.MapPost("/", PlaceOrder.HandleAsync).WithSummary("Reserve tickets").ProducesProblem(429).ProducesProblem(503);
        orders.MapGet("/", ListOrders.HandleAsync).WithSummary("My orders, newest first");
        orders.MapGet("/{id}", GetOrder.HandleAsync).WithSummary("One of my orders");
        orders.MapDelete("/{id}", CancelOrder.HandleAsync).WithSummary("Give the tickets back");
    }
}
