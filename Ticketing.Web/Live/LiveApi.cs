using Microsoft.AspNetCore.Mvc;
using Ticketing.ApiDefaults;
using Ticketing.Contracts;
using Ticketing.Messaging;
using Ticketing.Web.Services;

namespace Ticketing.Web.Live;

/// <summary>The socket for open pages, and the same as plain JSON for those that cannot have it.</summary>
internal static class LiveApi
{
    public static IHostApplicationBuilder AddLive(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSignalR(options => options.MaximumReceiveMessageSize = 16 * 1024)
            .AddJsonProtocol(options => JsonConventions.Apply(options.PayloadSerializerOptions));
        builder.Services.AddScoped<OrderWatch>();
        builder.Services.AddHostedService(services => services.GetRequiredService<TicketWatch>());
        builder.AddMessaging(messaging => messaging
            .AddInstanceHandler<LiveEvents>("web")
            .AddInstanceHandler<TicketWatch>("web-availability")
            .AddInstanceHandler<FollowListings>("web-listings"));
        return builder;
    }

    public static void MapLive(this IEndpointRouteBuilder app)
    {
        var live = app.MapGroup("/live").ExcludeFromDescription();
        // A socket outlives no session: the browser opens it again, and with that renews the session.
        live.MapHub<LiveHub>("/hub", options => options.CloseOnAuthenticationExpiration = true);
        live.MapGet("/tickets", GetTickets);
        live.MapGet("/tickets/{id:guid}", GetTicket);
        live.MapGet("/orders/{id:guid}", GetOrder).RequireAuthorization();
        live.MapGet("/notifications", GetUnread).RequireAuthorization();
    }

    private static async Task<IResult> GetTickets(
        [FromQuery(Name = "id")] Guid[] ids, TicketsClient tickets, HttpResponse response, CancellationToken cancellationToken)
    {
        response.Headers.CacheControl = "no-store";
        if (ids.Length == 0)
            return TypedResults.Ok(Array.Empty<TicketView>());
        var found = await tickets.GetAsync(ids, cancellationToken);
        if (!found.Ok)
            return Problems.Create((int)found.Status, found.Errors);
        var views = found.Value.Select(TicketView.Of).ToDictionary(view => view.Id);
        return TypedResults.Ok(ids.Distinct().Select(id => views.GetValueOrDefault(id) ?? TicketView.Gone(id)));
    }

    private static async Task<IResult> GetTicket(
        Guid id, TicketsClient tickets, HttpResponse response, CancellationToken cancellationToken)
    {
        response.Headers.CacheControl = "no-store";
        var ticket = await tickets.GetAsync(id, cancellationToken);
        return TypedResults.Ok(ticket.Ok ? TicketView.Of(ticket.Value) : TicketView.Gone(id));
    }

    private static async Task<IResult> GetOrder(
        Guid id, OrderWatch orders, HttpResponse response, CancellationToken cancellationToken)
    {
        response.Headers.CacheControl = "no-store";
        var order = await orders.GetAsync(id, cameBack: false, cancellationToken);
        return order.Ok
            ? TypedResults.Ok(await orders.ViewAsync(order.Value, cameBack: false, cancellationToken))
            : Problems.Create((int)order.Status, order.Errors);
    }

    private static async Task<IResult> GetUnread(
        WatchesClient watches, HttpResponse response, CancellationToken cancellationToken)
    {
        response.Headers.CacheControl = "no-store";
        var told = await watches.NotificationsAsync(cursor: null, cancellationToken, limit: "1");
        return told.Ok
            ? TypedResults.Ok(new { told.Value.Unread })
            : Problems.Create((int)told.Status, told.Errors);
    }
}
