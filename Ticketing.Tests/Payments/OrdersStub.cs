using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Ticketing.Contracts;
using Ticketing.Contracts.Api;
using Ticketing.ServiceDefaults;

namespace Ticketing.Tests.Payments;

/// <summary>Answers <c>GET /api/orders/{id}</c> as Orders would, for orders whose event has not reached Payments.</summary>
internal sealed class OrdersStub : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentDictionary<Guid, OrderState> orders = [];

    private OrdersStub(WebApplication app) => this.app = app;

    public string Address => app.Urls.First();

    /// <summary>What every question is answered with instead, if set.</summary>
    public int? Status { get; set; }

    /// <summary>The header by which the last caller was signed in.</summary>
    public string? Authorization { get; private set; }

    public static async Task<OrdersStub> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.ConfigureHttpJsonOptions(options => JsonConventions.Apply(options.SerializerOptions));
        var stub = new OrdersStub(builder.Build());
        stub.app.MapGet("/api/orders/{id:guid}", (Guid id, HttpContext context) => stub.Answer(id, context));
        await stub.app.StartAsync();
        return stub;
    }

    public void Know(OrderState order) => orders[order.Id] = order;

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private IResult Answer(Guid id, HttpContext context)
    {
        Authorization = context.Request.Headers.Authorization;
        if (Status is { } status)
            return Results.StatusCode(status);
        return orders.TryGetValue(id, out var order)
            ? Results.Ok(new OrderResponse(order.Id, order.UserId, order.Status, order.Reason, order.Quantity,
                Money.FromMinorUnits(order.Amount), order.Currency, order.ExpiresAt, order.CreatedAt, order.Version,
                new OrderedTicket(order.TicketId, order.TicketTitle, Money.FromMinorUnits(order.TicketPrice), order.TicketVersion)))
            : Results.NotFound();
    }
}
