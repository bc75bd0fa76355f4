using System.Collections.Concurrent;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Ticketing.StripeSandbox.Control;

/// <summary>When a fault happens, seen from the work of the call.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FaultTime>))]
internal enum FaultTime
{
    /// <summary>Before anything, as a gateway would fail.</summary>
    Before,

    /// <summary>With the idempotency key already in use, the work not yet done.</summary>
    During,

    /// <summary>With the work done and kept, the answer not yet sent.</summary>
    After,
}

/// <summary>Something that goes wrong with the next calls of a path.</summary>
/// <param name="Path">Of the calls; <c>*</c> stands for anything but a slash.</param>
/// <param name="Times">How many calls it happens to.</param>
internal sealed record Fault(string Path, FaultTime When, int Times = 1)
{
    private int met;

    public string Method { get; init; } = "POST";

    /// <summary>Milliseconds to wait.</summary>
    public int DelayMs { get; init; }

    /// <summary>Answer with this instead; null: go on.</summary>
    public int? Status { get; init; }

    /// <summary>Close the connection without an answer.</summary>
    public bool Drop { get; init; }

    /// <summary>Keep the failure under the idempotency key instead of the true answer, as Stripe does with its own errors.</summary>
    public bool Kept { get; init; }

    /// <summary>Whether it has happened as often as it should.</summary>
    [JsonIgnore]
    public bool Over => Volatile.Read(ref met) >= Times;

    /// <summary>Whether it happens to this call, which then counts as one of its times.</summary>
    public bool Meets(string method, string path) => Method == method
        && Regex.IsMatch(path, "^" + Regex.Escape(Path).Replace("\\*", "[^/]+", StringComparison.Ordinal) + "$", RegexOptions.None, TimeSpan.FromSeconds(1))
        && Interlocked.Increment(ref met) <= Times;
}

/// <summary>How the delivery of events goes wrong.</summary>
internal sealed class WebhookFaults
{
    /// <summary>Nothing is sent while set; it is kept and sent afterwards.</summary>
    public bool Held { get; set; }

    /// <summary>How often each event is sent.</summary>
    public int Copies { get; set; } = 1;

    /// <summary>Whether what is due is sent newest first.</summary>
    public bool Reversed { get; set; }
}

/// <summary>The faults that tests have ordered.</summary>
internal sealed class Faults
{
    private readonly ConcurrentQueue<Fault> ordered = [];

    public IEnumerable<Fault> All => ordered.Where(fault => !fault.Over);

    public void Add(Fault fault) => ordered.Enqueue(fault);

    public void Clear() => ordered.Clear();

    /// <summary>The fault for this call, of several the one ordered first.</summary>
    public Fault? Take(string method, string path) => ordered.FirstOrDefault(fault => fault.Meets(method, path));

    /// <summary>Lets it happen; true when the call is thereby over.</summary>
    public static async Task<bool> ApplyAsync(Fault fault, HttpContext context)
    {
        // Not cancelled when the caller gives up: what Stripe has begun it finishes.
        await Task.Delay(fault.DelayMs);
        if (fault.Drop)
            context.Abort();
        else if (fault.Status is not null)
            await StripeEndpoint.WriteAsync(context, AnswerOf(fault));
        return fault.Drop || fault.Status is not null;
    }

    public static Answer AnswerOf(Fault fault) => Answer.Of(fault.Status is 429
        ? StripeFailure.Invalid(429, "This object cannot be accessed right now because another API request or Stripe process is currently accessing it.", "lock_timeout")
        : new StripeFailure(fault.Status ?? 500, new StripeError { Type = "api_error", Message = "An unknown error occurred" }));
}
