using Dapper;
using MassTransit;
using Npgsql;
using Ticketing.Contracts;

namespace Ticketing.Orders;

/// <summary>Notes on the order what became of its money, for people who look into a case. Decides nothing.</summary>
internal sealed class RecordPayment(NpgsqlDataSource database) : IConsumer<PaymentCaptured>, IConsumer<PaymentReleased>
{
    public Task Consume(ConsumeContext<PaymentCaptured> context) =>
        RecordAsync(context.Message.Payment, context.CancellationToken);

    public Task Consume(ConsumeContext<PaymentReleased> context) =>
        RecordAsync(context.Message.Payment, context.CancellationToken);

    private async Task RecordAsync(PaymentState payment, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            UPDATE orders SET payment_status = @status, payment_version = @version
            WHERE id = @orderId AND payment_version < @version
            """,
            new { payment.OrderId, payment.Status, payment.Version },
            cancellationToken: cancellationToken));
    }
}
