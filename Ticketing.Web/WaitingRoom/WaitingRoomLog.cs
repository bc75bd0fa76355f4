namespace Ticketing.Web.WaitingRoom;

internal static partial class WaitingRoomLog
{
    [LoggerMessage(1, LogLevel.Debug, "Tickets did not say which listings have a waiting room; what is known stands")]
    public static partial void NotRead(ILogger logger, Exception failure);

    [LoggerMessage(2, LogLevel.Error, "Redis is away: waiting rooms let everybody through until it is back")]
    public static partial void LetsThrough(ILogger logger, Exception failure);

    [LoggerMessage(3, LogLevel.Information, "Redis is back: waiting rooms are kept again")]
    public static partial void KeptAgain(ILogger logger);
}
