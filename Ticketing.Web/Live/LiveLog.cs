namespace Ticketing.Web.Live;

internal static partial class LiveLog
{
    [LoggerMessage(1, LogLevel.Debug, "Ticket {TicketId} changed, but Tickets did not say how")]
    public static partial void NotRead(ILogger logger, Exception failure, Guid ticketId);
}
