using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client.Exceptions;
using Ticketing.ServiceDefaults;

namespace Ticketing.Messaging;

/// <summary>The command that puts the messages of a service's error queues back into its queues, after a fix.</summary>
public static partial class Requeueing
{
    internal const string Argument = "--requeue-errors";

    /// <summary>
    /// Adds the command. It may be killed at any moment; a message is then in its queue, in the error queue or, harmlessly, in
    /// both. The exit code is 1 if the broker is away.
    /// </summary>
    /// <param name="service">The service.</param>
    public static ServiceCommand WithRequeueErrors(this ServiceCommand service) => service.With(
        new(Argument, "Puts the messages of this service's error queues back into its queues, after a fix"),
        (app, _, cancellationToken) => RequeueAsync(app, cancellationToken));

    private static async Task<int> RequeueAsync(WebApplication app, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var moved in Requeuer.MoveAllAsync(app.Services.GetRequiredService<ErrorQueues>(), cancellationToken))
            {
                LogMoved(app.Logger, moved.From, moved.To, moved.Count);
                foreach (var (reason, count) in moved.Reasons)
                    LogReason(app.Logger, count, reason);
            }
        }
        catch (Exception away) when (away is BrokerUnreachableException or OperationInterruptedException or AlreadyClosedException)
        {
            LogAway(app.Logger, away.Message);
            return 1;
        }
        return 0;
    }

    [LoggerMessage(LogLevel.Information, "{From}: {Count} messages put back into {To}")]
    private static partial void LogMoved(ILogger logger, string from, string to, int count);

    [LoggerMessage(LogLevel.Information, "  {Count} of them: {Reason}")]
    private static partial void LogReason(ILogger logger, int count, string reason);

    [LoggerMessage(LogLevel.Error, "The broker cannot be asked, nothing is lost, try again: {Reason}")]
    private static partial void LogAway(ILogger logger, string reason);
}
