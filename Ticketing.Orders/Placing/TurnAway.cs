using System.Buffers;
using System.Buffers.Text;
using Ticketing.ApiDefaults;
using Ticketing.Contracts.Api;

namespace Ticketing.Orders.Placing;

/// <summary>
/// Refuses a reservation at the door where the line of its listing is closed: before the session is looked at, and with an
/// answer that is made already. When more is asked than can be served, most requests end so, and what each of them costs is
/// taken from those that are served. What cannot be told at a glance goes in, and is refused at the line.
/// </summary>
internal static class TurnAway
{
    /// <summary>Longer than any reservation need be.</summary>
    private const int LongestBody = 512;

    private static readonly PreparedProblem Refusal =
        new(StatusCodes.Status503ServiceUnavailable, PlaceOrder.RetryAfter, PlaceOrder.TooMany, Busy.Reason);

    public static void UseTurnAway(this WebApplication app)
    {
        var reservations = app.Services.GetRequiredService<Reservations>();
        app.Use((context, next) =>
            reservations.Waiting > 0 && IsReservation(context.Request)
            && TicketOf(context.Request) is { } ticketId && reservations.IsClosed(ticketId)
                ? Refusal.WriteAsync(context)
                : next(context));
    }

    private static bool IsReservation(HttpRequest request) =>
        HttpMethods.IsPost(request.Method) && request.ContentLength is > 0 and <= LongestBody && request.Path.Equals("/api/orders", StringComparison.OrdinalIgnoreCase);

    /// <summary>The ticket of an order whose body has come with its head; it is there to be read as before.</summary>
    private static Guid? TicketOf(HttpRequest request)
    {
        if (!request.BodyReader.TryRead(out var read))
            return null;
        var ticketId = read.Buffer.Length == request.ContentLength ? Find(read.Buffer) : null;
        request.BodyReader.AdvanceTo(read.Buffer.Start);
        return ticketId;
    }

    /// <summary>What follows the first <c>ticketId</c>, if that is an id.</summary>
    private static Guid? Find(in ReadOnlySequence<byte> body)
    {
        Span<byte> text = stackalloc byte[LongestBody];
        text = text[..(int)body.Length];
        body.CopyTo(text);
        var name = text.IndexOf("\"ticketId\""u8);
        if (name < 0)
            return null;
        var value = text[(name + "\"ticketId\""u8.Length)..].TrimStart(" :\""u8);
        return Utf8Parser.TryParse(value, out Guid id, out var length, 'D') && value[length..].StartsWith("\""u8) ? id : null;
    }
}
