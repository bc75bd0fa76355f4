using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Ticketing.StripeSandbox.Bookkeeping;
using Ticketing.StripeSandbox.Control;

namespace Ticketing.StripeSandbox.Protocol;

/// <summary>What is the same for every call: the key, the request's id, idempotency, injected faults, the error's shape.</summary>
internal sealed class StripeEndpoint(Books books, IdempotencyKeys keys, Faults faults, IOptions<SandboxOptions> options)
{
    /// <summary>The version whose shapes we speak.</summary>
    public const string ApiVersion = "2024-06-20";

    private readonly SandboxOptions options = options.Value;

    /// <summary>Answers one call.</summary>
    public async Task Answer(HttpContext context, Func<StripeCall, object> work)
    {
        var requestId = StripeJson.NewId("req");
        var headers = context.Response.Headers;
        headers["Request-Id"] = requestId;
        headers["Stripe-Version"] = context.Request.Headers["Stripe-Version"] is [{ Length: > 0 } version] ? version : ApiVersion;
        var fault = faults.Take(context.Request.Method, context.Request.Path);
        Answered answer;
        try
        {
            Authorize(context.Request);
            var form = await StripeForm.Read(context.Request, context.RequestAborted);
            if (fault is { When: FaultTime.Before } && await faults.Happens(fault, context))
                return;
            answer = await Execute(context, form, requestId, fault, work);
        }
        catch (StripeFailure failure)
        {
            answer = Answered.Of(failure);
        }

        if (fault is { When: FaultTime.After } && await faults.Happens(fault, context))
            return;
        if (answer.Replayed)
            headers["Idempotent-Replayed"] = "true";
        if (context.Request.Headers["Idempotency-Key"] is [{ Length: > 0 } key])
            headers["Idempotency-Key"] = key;
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.Body, CancellationToken.None);
    }

    /// <summary>Checks <c>Authorization: Bearer sk_test_…</c>, or the same as the user of basic authentication.</summary>
    public void Authorize(HttpRequest request)
    {
        var key = AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header) ? header switch
        {
            { Scheme: "Bearer", Parameter: { } parameter } => parameter,
            { Scheme: "Basic", Parameter: { } parameter } => UserOf(parameter),
            _ => null,
        } : null;
        if (key is null)
        {
            throw StripeFailure.BadKey(
                "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').");
        }

        var known = options.SecretKey is { Length: > 0 } expected
            ? CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(expected))
            : key.StartsWith("sk_test_", StringComparison.Ordinal);
        if (!known)
            throw StripeFailure.BadKey($"Invalid API Key provided: {(key.Length > 12 ? $"{key[..8]}****{key[^4..]}" : "****")}");
    }

    /// <summary>The origin of the pages that this request's answer points to.</summary>
    public string Origin(HttpRequest request) =>
        options.PublicAddress?.TrimEnd('/') is { Length: > 0 } address ? address : $"{request.Scheme}://{request.Host}";

    private async Task<Answered> Execute(
        HttpContext context, StripeForm form, string requestId, Fault? fault, Func<StripeCall, object> work)
    {
        var key = HttpMethods.IsPost(context.Request.Method) ? context.Request.Headers["Idempotency-Key"].ToString() : "";
        if (key.Length > 255)
            throw new StripeFailure(400, new("idempotency_error", "Idempotency keys can be at most 255 characters long."));
        using var use = keys.Use(key);
        // Inside the use of the key, so that a second call meanwhile is told that the first is under way.
        if (fault is { When: FaultTime.During } && await faults.Happens(fault, context))
            return new Answered(0, "");
        var caller = new Caller(Origin(context.Request), requestId, key.Length > 0 ? key : null);
        return books.Write(caller, transaction =>
        {
            if (keys.Kept(transaction, key, context.Request.Path, form) is { } kept)
                return new Answered(kept.Status, kept.Body) { Replayed = true };
            var answer = Work(new StripeCall(transaction, form, context.GetRouteValue("id") as string ?? ""), work);
            if (answer.Executed)
                keys.Keep(transaction, key, context.Request.Path, form, fault is { Kept: true } ? faults.Failure(fault) : answer);
            return answer;
        });
    }

    private static Answered Work(StripeCall call, Func<StripeCall, object> work)
    {
        try
        {
            return new Answered(200, StripeJson.Write(work(call)));
        }
        catch (StripeFailure failure) when (failure.Executed)
        {
            return Answered.Of(failure);
        }
    }

    private static string? UserOf(string basic)
    {
        var buffer = new byte[basic.Length];
        return Convert.TryFromBase64String(basic, buffer, out var length)
            ? Encoding.UTF8.GetString(buffer, 0, length).Split(':')[0]
            : null;
    }
}
