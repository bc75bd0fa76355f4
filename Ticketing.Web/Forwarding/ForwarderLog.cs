namespace Ticketing.Web.Forwarding;

internal static partial class ForwarderLog
{
    [LoggerMessage(1, LogLevel.Warning, "{Method} {Path} got no answer from {Service}")]
    public static partial void NoAnswer(ILogger logger, Exception failure, HttpMethod method, string service, PathString path);

    [LoggerMessage(2, LogLevel.Warning, "The answer of {Service} to {Path} broke off")]
    public static partial void BrokenAnswer(ILogger logger, Exception failure, string service, PathString path);
}
