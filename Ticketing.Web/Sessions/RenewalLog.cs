namespace Ticketing.Web.Sessions;

internal static partial class RenewalLog
{
    [LoggerMessage(1, LogLevel.Warning, "A session could not be renewed: Auth answered {Status}")]
    public static partial void Refused(ILogger logger, int status);

    [LoggerMessage(2, LogLevel.Warning, "A session could not be renewed: Auth is not there")]
    public static partial void Unreachable(ILogger logger, Exception failure);
}
