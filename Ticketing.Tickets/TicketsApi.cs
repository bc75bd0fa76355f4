namespace Ticketing.Tickets;

/// <summary>The routes of this service. Reading is free to all; changing needs a session.</summary>
internal static class TicketsApi
{
    public static void MapTicketsApi(this IEndpointRouteBuilder app)
    {
        var tickets = app.MapGroup("/api/tickets").WithTags("Tickets");

        tickets.MapGet("/", ListTickets.HandleAsync)
            .AllowAnonymous()
            .WithSummary("Search what is on sale, newest first")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        tickets.MapGet("/{id}", GetTicket.HandleAsync)
            .AllowAnonymous()
            .WithSummary("Read a listing")
            .ProducesProblem(StatusCodes.Status404NotFound);
        tickets.MapPost("/", CreateTicket.HandleAsync)
            .WithSummary("List tickets for sale")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized);
        tickets.MapPut("/{id}", UpdateTicket.HandleAsync)
            .WithSummary("Change a listing of yours")
            .WithDescription("Fields left out stay as they are; null clears an optional one. Refused while any of it is reserved.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status404NotFound);
        tickets.MapDelete("/{id}", DeleteTicket.HandleAsync)
            .WithSummary("Withdraw a listing of yours")
            .WithDescription("Refused while any of it is reserved, and once any of it is sold.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }
}
