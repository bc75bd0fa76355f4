namespace Ticketing.Web.Health;

internal static partial class HealthLog
{
    [LoggerMessage(1, LogLevel.Information, "{Service} is {State}")]
    public static partial void Changed(ILogger logger, string service, string state);
}
