namespace Ticketing.StripeSandbox.Protocol;

/// <summary>A status and a JSON body.</summary>
internal sealed record Answered(int Status, string Body)
{
    /// <summary>Whether the work was begun, so that the answer is kept under the idempotency key.</summary>
    public bool Executed { get; init; } = true;

    public bool Replayed { get; init; }

    public static Answered Of(StripeFailure failure) =>
        new(failure.Status, StripeJson.Write(new { error = failure.Error })) { Executed = failure.Executed };
}
