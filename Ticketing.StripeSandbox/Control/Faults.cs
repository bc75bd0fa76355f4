using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Ticketing.StripeSandbox.Protocol;

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
    public string Method { get; init; } = "POST";

    /// <summary>Milliseconds to wait.</summary>
    public int DelayMs { get; init; }

    /// <summary>Answer with this instead; null: go on.</summary>
    public int? Status { get; init; }

    /// <summary>Close the connection without an answer.</summary>
    public bool Drop { get; init; }

    /// <summary>Keep the failure under the idempotency key instead of the true answer, as Stripe does with its own errors.</summary>
    public bool Kept { get; init; }
}

/// <summary>The faults that tests have ordered.</summary>
internal sealed class Faults
{
    private readonly Lock guard = new();
    private readonly List<Fault> ordered = [];

    public IReadOnlyList<Fault> All
    {
        get
        {
            lock (guard)
                return [.. ordered];
        }
    }

    public void Add(Fault fault)
    {
        lock (guard)
            ordered.Add(fault);
    }

    public void Clear()
    {
        lock (guard)
            ordered.Clear();
    }

    /// <summary>The fault for this call, which is then used once.</summary>
    public Fault? Take(string method, string path)
    {
        lock (guard)
        {
            var index = ordered.FindIndex(fault => fault.Method == method
                && Regex.IsMatch(path, "^" + Regex.Escape(fault.Path).Replace("\\*", "[^/]+", StringComparison.Ordinal) + "$"));
            if (index < 0)
                return null;
            var fault = ordered[index];
            if (fault.Times <= 1)
                ordered.RemoveAt(index);
            else
                ordered[index] = fault with { Times = fault.Times - 1 };
            return fault;
        }
    }

    /// <summary>Lets it happen; true when the call is thereby over.</summary>
    public async Task<bool> Happens(Fault fault, HttpContext context)
    {
        // Not bound to the caller's patience: what Stripe has begun it finishes.
        await Task.Delay(fault.DelayMs);
        if (fault.Drop)
        {
            context.Abort();
            return true;
        }

        if (fault.Status is null)
            return false;
        var failure = Failure(fault);
        context.Response.StatusCode = failure.Status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(failure.Body, CancellationToken.None);
        return true;
    }

    public Answered Failure(Fault fault) => Answered.Of(new StripeFailure(fault.Status ?? 500, fault.Status is 429
        ? new("invalid_request_error", "This object cannot be accessed right now because another API request or Stripe process is currently accessing it.") { Code = "lock_timeout" }
        : new("api_error", "An unknown error occurred")));
}
