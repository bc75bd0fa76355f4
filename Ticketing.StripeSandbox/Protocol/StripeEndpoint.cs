using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Stripe.Checkout;
using Ticketing.StripeSandbox.Control;

namespace Ticketing.StripeSandbox.Protocol;

/// <summary>One API call, inside its transaction.</summary>
/// <param name="Id">The id in the path; empty when there is none.</param>
internal sealed record StripeCall(SandboxTransaction Store, StripeForm Form, string Id);

/// <summary>What is the same for every call: the API key, the request's id, idempotency, injected faults, the error's shape.</summary>
internal sealed class StripeEndpoint(SandboxStore store, IdempotencyRecords records, Faults faults, IOptions<SandboxOptions> options)
{
    private readonly SandboxOptions options = options.Value;

    /// <summary>Middleware: asks for the API key everywhere but on pages, and answers failures in Stripe's shape.</summary>
    public async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            if (context.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal) || context.Request.Path.StartsWithSegments("/sandbox", StringComparison.Ordinal))
            {
                context.Response.Headers["Request-Id"] = StripeId.New("req_");
                Authorize(context.Request);
            }

            await next(context);
        }
        catch (StripeFailure failure)
        {
            await WriteAsync(context, Answer.Of(failure));
        }
    }

    /// <summary>Answers one call.</summary>
    public async Task HandleAsync(HttpContext context, Func<StripeCall, StripeEntity> work)
    {
        var (request, headers) = (context.Request, context.Response.Headers);
        headers["Stripe-Version"] = request.Headers["Stripe-Version"] is [{ Length: > 0 } version] ? version : StripeConfiguration.ApiVersion;
        var form = await StripeForm.ReadAsync(request, context.RequestAborted);
        var fault = faults.Take(request.Method, request.Path);
        if (fault is { When: FaultTime.Before } && await Faults.ApplyAsync(fault, context))
            return;
        var key = HttpMethods.IsPost(request.Method) && request.Headers["Idempotency-Key"] is [{ Length: > 0 } given] ? given : null;
        Answer answer;
        using (records.Use(key))
        {
            // While the key is in use, so that a second call meanwhile learns that the first is under way.
            if (fault is { When: FaultTime.During } && await Faults.ApplyAsync(fault, context))
                return;
            answer = store.Run(new Caller(Origin(request), headers["Request-Id"], key), transaction =>
                IdempotencyRecords.Find(transaction, key, request.Path, form)
                ?? Work(new StripeCall(transaction, form, context.GetRouteValue("id") as string ?? ""), key, request.Path, fault, work));
        }

        if (fault is { When: FaultTime.After } && await Faults.ApplyAsync(fault, context))
            return;
        if (answer.Replayed)
            headers["Idempotent-Replayed"] = "true";
        if (key is not null)
            headers["Idempotency-Key"] = key;
        await WriteAsync(context, answer);
    }

    public static async Task WriteAsync(HttpContext context, Answer answer)
    {
        context.Response.StatusCode = (int)answer.Status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.Body, CancellationToken.None);
    }

    /// <summary>The origin of the pages that this request's answer points to.</summary>
    public string Origin(HttpRequest request) =>
        options.PublicAddress?.TrimEnd('/') is { Length: > 0 } address ? address : $"{request.Scheme}://{request.Host}";

    /// <summary>Checks <c>Authorization: Bearer sk_test_…</c>.</summary>
    private void Authorize(HttpRequest request)
    {
        if (!AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header) || header is not { Scheme: "Bearer", Parameter: { } key })
        {
            throw StripeFailure.Invalid(401,
                "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').");
        }

        var known = options.SecretKey is { Length: > 0 } expected
            ? CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(expected))
            : key.StartsWith("sk_test_", StringComparison.Ordinal);
        if (!known)
            throw StripeFailure.Invalid(401, $"Invalid API Key provided: {(key.Length > 12 ? $"{key[..8]}****{key[^4..]}" : "****")}");
    }

    private static Answer Work(StripeCall call, string? key, string path, Fault? fault, Func<StripeCall, StripeEntity> work)
    {
        Answer answer;
        try
        {
            var result = work(call);
            foreach (var field in call.Form.List("expand"))
                Expand(call.Store, result, field);
            answer = new Answer(200, StripeJson.Write(result));
        }
        catch (StripeFailure failure) when (failure.Executed)
        {
            answer = Answer.Of(failure);
        }

        IdempotencyRecords.Save(call.Store, key, path, call.Form, fault is { Kept: true } ? Faults.AnswerOf(fault) : answer);
        return answer;
    }

    /// <summary>Shows an object where the field has its id.</summary>
    private static void Expand(SandboxTransaction store, StripeEntity result, string field)
    {
        switch (result, field)
        {
            case (PaymentIntent intent, "latest_charge"):
                intent.LatestCharge = store.Find<Charge>(intent.LatestChargeId);
                break;
            case (PaymentIntent intent, "payment_method"):
                intent.PaymentMethod = store.Find<PaymentMethod>(intent.PaymentMethodId);
                break;
            case (Session session, "payment_intent"):
                session.PaymentIntent = store.Find<PaymentIntent>(session.PaymentIntentId);
                break;
            default:
                throw StripeFailure.BadParameter($"This property cannot be expanded ({field}).", "expand");
        }
    }
}
