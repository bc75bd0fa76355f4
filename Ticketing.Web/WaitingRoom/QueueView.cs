using Ticketing.Web.Pages;

namespace Ticketing.Web.WaitingRoom;

/// <summary>What an open page of the line shows.</summary>
/// <param name="TicketId">The listing.</param>
/// <param name="Waiting">False: it is one's turn, or the place is lost; the page asks for itself anew.</param>
/// <param name="Turn">Whether it is one's turn.</param>
/// <param name="Number">The position, from 1.</param>
/// <param name="Position">The same in words.</param>
/// <param name="Wait">The likely wait in words.</param>
internal sealed record QueueView(Guid TicketId, bool Waiting, bool Turn, long Number, string Position, string Wait)
{
    public static QueueView Of(Guid ticketId, Place place) => new(
        ticketId, place.Standing == Standing.Waiting, place.Standing is Standing.Admitted or Standing.Open,
        place.Position, Words.Position(place.Position), Words.Wait(place.Wait));

    /// <summary>Until the likely turn, at least 1.</summary>
    public static long Seconds(Place place) => Math.Max(1, (long)Math.Ceiling(place.Wait.TotalSeconds));
}
