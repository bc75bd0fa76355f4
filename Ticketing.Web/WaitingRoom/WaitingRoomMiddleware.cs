using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Ticketing.ApiDefaults;
using Ticketing.Contracts;
using Ticketing.Web.Languages;
using Ticketing.Web.Pages;

namespace Ticketing.Web.WaitingRoom;

/// <summary>
/// <c>POST /api/orders</c> on its way to Orders: where its listing has a waiting room, only for whose turn it is. As long
/// as no listing has one, nothing of a request is looked at.
/// </summary>
internal sealed class WaitingRoomMiddleware(RequestDelegate next, Turnstile turnstile)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!await turnstile.AnyAsync())
        {
            await next(context);
            return;
        }
        var room = await ReadTicketIdAsync(context) is { } ticketId ? turnstile.RoomOf(ticketId) : null;
        if (room is null)
            await next(context);
        else if (context.User.Identity is not { IsAuthenticated: true })
            await context.ChallengeAsync();
        else
            await EnterAsync(context, room, context.User.UserId(), context.Request.Headers["Idempotency-Key"].ToString());
    }

    private async Task EnterAsync(HttpContext context, Room room, Guid userId, string key)
    {
        var place = await turnstile.EnterAsync(room, userId, key);
        if (place.MustWait)
        {
            await Wait(context, room, place).ExecuteAsync(context);
            return;
        }
        try
        {
            await next(context);
        }
        finally
        {
            // Nobody knows what became of an order whose client left before the answer.
            var status = context.RequestAborted.IsCancellationRequested ? 0 : context.Response.StatusCode;
            await turnstile.SettleAsync(room, userId, key, place, status);
        }
    }

    private static ProblemHttpResult Wait(HttpContext context, Room room, Place place)
    {
        if (place.Standing == Standing.Full)
            return Problems.Unavailable(context, place.RetryAfter, "The line for these tickets is full.");
        var said = Cultures.Say(Cultures.English, () => Words.Wait(place.Wait));
        var problem = Problems.TooManyRequests(
            context, place.RetryAfter, $"You are number {place.Position} in line for these tickets. Your turn: {said}.");
        problem.ProblemDetails.Extensions["position"] = place.Position;
        problem.ProblemDetails.Extensions["estimatedSeconds"] = QueueView.Seconds(place);
        problem.ProblemDetails.Extensions["waitingRoom"] = $"/api/orders/queue/{room.TicketId}";
        return problem;
    }

    /// <summary>
    /// The listing of an order, read from the body just as Orders will read it; null for what Orders will refuse. The body
    /// is there to be read once more.
    /// </summary>
    private static async Task<Guid?> ReadTicketIdAsync(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
            return null;
        try
        {
            var order = await context.Request.ReadFromJsonAsync<Wanted>(JsonConventions.Options, context.RequestAborted);
            return Guid.TryParseExact(order?.TicketId, "D", out var id) ? id : null;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return null;
        }
        finally
        {
            context.Request.Body.Position = 0;
        }
    }

    private sealed record Wanted(string? TicketId);
}
