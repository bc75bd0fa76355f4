using System.Runtime.CompilerServices;
using System.Text;
using RabbitMQ.Client;
using Ticketing.ServiceDefaults;

namespace Ticketing.Messaging;

/// <summary>What was put back from one error queue.</summary>
/// <param name="Reasons">Why the messages had failed, and how many for each reason.</param>
internal sealed record Requeued(string From, string To, int Count, IReadOnlyDictionary<string, int> Reasons);

/// <summary>
/// Moves messages from error queues back, one by one: each is taken off the error queue only after the broker confirmed
/// that it is in the other one. Only as many as there were at first, so that one which fails again does not go in circles.
/// </summary>
internal static class Requeuer
{
    private const int LongestReason = 300;

    /// <summary>Of the time when it failed; the next failure has its own.</summary>
    private static readonly string[] OldHeaders = ["MT-Reason", "MT-Fault-", "MT-Host-", "x-"];

    /// <summary>Puts everything back; tells of each error queue that held something.</summary>
    /// <exception cref="Exception">The broker is away; what was not put back is still where it was.</exception>
    public static async IAsyncEnumerable<Requeued> MoveAllAsync(
        ErrorQueues queues, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await queues.Broker.ConnectAsync("requeue", TimeLimits.Publish, cancellationToken);
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true),
            cancellationToken);
        await TopologyDeclaration.DeclareAsync(channel, cancellationToken);
        foreach (var (queue, errors) in (await queues.PresentAsync(connection, cancellationToken))
            .SelectMany(queue => ErrorQueues.Of(queue).Select(errors => (queue, errors))))
        {
            var moved = await MoveAsync(channel, errors, queue, cancellationToken);
            if (moved.Count > 0)
                yield return moved;
        }
    }

    private static async Task<Requeued> MoveAsync(IChannel channel, string from, string to, CancellationToken cancellationToken)
    {
        var reasons = new Dictionary<string, int>();
        var present = (await channel.QueueDeclarePassiveAsync(from, cancellationToken)).MessageCount;
        var count = 0;
        while (count < present && await channel.BasicGetAsync(from, autoAck: false, cancellationToken) is { } message)
        {
            var reason = ReasonOf(message.BasicProperties);
            await channel.BasicPublishAsync(
                exchange: "", routingKey: to, mandatory: true, Renewed(message.BasicProperties), message.Body, cancellationToken);
            await channel.BasicAckAsync(message.DeliveryTag, multiple: false, cancellationToken);
            reasons[reason] = reasons.GetValueOrDefault(reason) + 1;
            count++;
        }
        return new Requeued(from, to, count, reasons);
    }

    private static BasicProperties Renewed(IReadOnlyBasicProperties properties) => new(properties)
    {
        DeliveryMode = DeliveryModes.Persistent,
        Headers = properties.Headers?
            .Where(header => !Array.Exists(OldHeaders, old => header.Key.StartsWith(old, StringComparison.Ordinal)))
            .ToDictionary(header => header.Key, header => header.Value),
    };

    private static string ReasonOf(IReadOnlyBasicProperties properties)
    {
        var reason = Header("MT-Fault-Message") is { } message
            ? $"{Header("MT-Fault-ExceptionType")}: {message.ReplaceLineEndings(" ")}"
            : Header("MT-Reason") ?? "no reason given";
        return reason.Length <= LongestReason ? reason : $"{reason[..LongestReason]} …";

        string? Header(string name) =>
            properties.Headers is { } headers && headers.TryGetValue(name, out var value) && value is byte[] text
                ? Encoding.UTF8.GetString(text)
                : null;
    }
}
