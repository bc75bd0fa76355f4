using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Ticketing.ApiDefaults;

namespace Ticketing.Web.WaitingRoom;

/// <summary>The waiting room's services and routes. It stands in Web, before Orders, which knows nothing of it.</summary>
internal static class WaitingRoomApi
{
    public static IHostApplicationBuilder AddWaitingRoom(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Rooms>();
        builder.Services.AddSingleton<RoomClock>();
        builder.Services.AddSingleton<Line>();
        builder.Services.AddSingleton<Turnstile>();
        builder.Services.AddSingleton<QueueWatch>();
        builder.Services.AddScoped<OrderDesk>();
        builder.Services.AddHostedService<ReadRooms>();
        builder.Services.AddHostedService(services => services.GetRequiredService<QueueWatch>());
        return builder;
    }

    public static void MapWaitingRoom(this IEndpointRouteBuilder app)
    {
        var queue = app.MapGroup("/api/orders/queue").WithTags("Waiting room").RequireAuthorization();
        queue.MapGet("/{ticketId}", LookAsync)
            .WithName("getQueuePosition").WithSummary("How I stand in the line for a listing")
            .WithDescription("Whoever does not ask for 60 seconds loses the place.");
        queue.MapDelete("/{ticketId}", LeaveAsync)
            .WithName("leaveQueue").WithSummary("Give up my place in line");
        // Any other method would go on to Orders, which knows no such address.
        app.Map("/api/orders/queue/{any}", () => TypedResults.StatusCode(StatusCodes.Status405MethodNotAllowed))
            .AllowAnonymous().ExcludeFromDescription();
        app.MapGet("/live/queue/{ticketId:guid}", ShowAsync).RequireAuthorization().ExcludeFromDescription();
    }

    private static async Task<Results<Ok<QueueResponse>, ProblemHttpResult>> LookAsync(
        string ticketId, ClaimsPrincipal user, Turnstile turnstile, HttpResponse response)
    {
        response.Headers.CacheControl = "no-store";
        var place = Guid.TryParseExact(ticketId, "D", out var id) ? await turnstile.LookAsync(id, user.UserId()) : Place.Open;
        return place.Standing switch
        {
            Standing.Waiting => TypedResults.Ok(new QueueResponse(place.Position, QueueView.Seconds(place), Admitted: false)),
            Standing.Admitted => TypedResults.Ok(new QueueResponse(0, 0, Admitted: true, place.Until)),
            _ => Problems.NotFound("Place in line"),
        };
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> LeaveAsync(
        string ticketId, ClaimsPrincipal user, Turnstile turnstile)
    {
        if (!Guid.TryParseExact(ticketId, "D", out var id))
            return Problems.NotFound("Ticket");
        await turnstile.LeaveAsync(id, user.UserId());
        return TypedResults.NoContent();
    }

    /// <summary>For a page that cannot have a socket.</summary>
    private static async Task<QueueView> ShowAsync(Guid ticketId, ClaimsPrincipal user, Turnstile turnstile, HttpResponse response)
    {
        response.Headers.CacheControl = "no-store";
        return QueueView.Of(ticketId, await turnstile.LookAsync(ticketId, user.UserId()));
    }

    /// <summary>A place in line.</summary>
    /// <param name="Position">From 1; 0 once admitted.</param>
    /// <param name="EstimatedSeconds">Until the likely turn; 0 once admitted.</param>
    /// <param name="Admitted">Whether one order may be placed.</param>
    /// <param name="AdmittedUntil">By when.</param>
    private sealed record QueueResponse(long Position, long EstimatedSeconds, bool Admitted, DateTimeOffset? AdmittedUntil = null);
}
