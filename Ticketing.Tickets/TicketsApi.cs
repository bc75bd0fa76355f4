using Microsoft.AspNetCore.Mvc;
using Ticketing.ApiDefaults;
using Ticketing.ServiceDefaults;
using Ticketing.Tickets.Sales;
using Ticketing.Tickets.Watches;

namespace Ticketing.Tickets;

/// <summary>The routes of this service. Reading is free to all; changing needs a session.</summary>
internal static class TicketsApi
{
    public static void MapTicketsApi(this IEndpointRouteBuilder app)
    {
        var tickets = app.MapGroup("/api/tickets").WithTags("Tickets").WithMetadata(new RouteId("id", Telemetry.TicketId));

        tickets.MapGet("/", ListTickets.HandleAsync).AllowAnonymous().WithEntityTag()
            .WithName("listTickets").WithSummary("Search what is on sale, newest first");
        tickets.MapGet("/{id}", GetTicket.HandleAsync).AllowAnonymous().WithEntityTag()
            .WithName("getTicket").WithSummary("Read a listing");
        tickets.MapPost("/", CreateTicket.HandleAsync)
            .WithName("createTicket").WithSummary("List tickets for sale");
        tickets.MapPut("/{id}", UpdateTicket.HandleAsync)
            .WithName("updateTicket").WithSummary("Change a listing of yours")
            .WithDescription("Fields left out stay as they are; null clears an optional one. Refused while any of it is reserved.")
            .Produces<UpdateTicketProblem>(StatusCodes.Status400BadRequest, "application/problem+json");
        tickets.MapDelete("/{id}", DeleteTicket.HandleAsync)
            .WithName("deleteTicket").WithSummary("Withdraw a listing of yours")
            .WithDescription("Refused while any of it is reserved, and once any of it is sold.")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        tickets.MapGet("/{id}/prices", ListPriceChanges.HandleAsync)
            .WithName("listPriceChanges").WithSummary("How the price of a listing of yours changed, newest first");
        MapSales(tickets.MapGroup("/sales"));
        MapWatches(tickets);
        app.MapGet("/internal/rooms", ListRooms.HandleAsync).AllowAnonymous().ExcludeFromDescription();
    }

    private static void MapSales(RouteGroupBuilder sales)
    {
        sales.MapGet("/", GetSales.HandleAsync)
            .WithName("getSales").WithSummary("What you sold in the last days, by day and currency")
            .WithDescription("Days are those of UTC and end today.");
        sales.MapGet("/listings", ListSalesOfListings.HandleAsync)
            .WithName("listSalesOfListings").WithSummary("Your listings, newest first, with what is sold, held and earned of each");
        sales.MapGet("/entries", ListSalesEntries.HandleAsync)
            .WithName("listSalesEntries").WithSummary("Your books, newest day first: what was sold by day, listing and currency");
    }

    private static void MapWatches(RouteGroupBuilder tickets)
    {
        tickets.MapPut("/{id}/watch", WatchTicket.HandleAsync)
            .WithName("watchTicket").WithSummary("Be told when there are tickets again")
            .WithDescription("Refused while there are tickets, when sales have ended, to who holds the rest, and for more than 100 listings at once.")
            .Produces<WatchTicketProblem>(StatusCodes.Status400BadRequest, "application/problem+json");
        tickets.MapGet("/{id}/watch", WatchTicket.GetAsync)
            .WithName("getWatch").WithSummary("Whether you are told when there are tickets again");
        tickets.MapDelete("/{id}/watch", WatchTicket.EndAsync)
            .WithName("endWatch").WithSummary("Wait no longer");
        tickets.MapGet("/watches", ListWatches.HandleAsync)
            .WithName("listWatches").WithSummary("The listings that you wait for");
        tickets.MapGet("/notifications", ListNotifications.HandleAsync)
            .WithName("listNotifications").WithSummary("What you were told, newest first, and how much of it is unread");
        tickets.MapPost("/notifications/read", ReadNotifications.HandleAsync)
            .WithName("readNotifications").WithSummary("Mark as read, up to a notification");
    }
}

/// <summary>A change that the listing's state does not allow, or a request that is wrong.</summary>
internal sealed class UpdateTicketProblem : ProblemDetails
{
    /// <summary>The listing's version now, where it was changed since the version that was named.</summary>
    public int? CurrentVersion { get; init; }
}

/// <summary>There is nothing to wait for.</summary>
internal sealed class WatchTicketProblem : ProblemDetails
{
    /// <summary>The user's own open order, where it holds all that is not sold.</summary>
    public Guid? OrderId { get; init; }
}
