using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Ticketing.ServiceDefaults;

/// <summary>Says which id of ours a route has in its path, for the span of the request.</summary>
/// <param name="Parameter">The route's parameter, such as <c>id</c>.</param>
/// <param name="Attribute">Its name on spans, such as <see cref="Telemetry.OrderId"/>.</param>
public sealed record RouteId(string Parameter, string Attribute);

/// <summary>
/// Names the span of a request and describes it by OpenTelemetry's conventions, which ASP.NET Core leaves to a package of
/// OpenTelemetry's. Polls of a service's health are not followed.
/// </summary>
internal static class RequestActivities
{
    public static void Use(WebApplication app) => app.Use(static (context, next) =>
    {
        if (Activity.Current is not { IsAllDataRequested: true } activity)
            return next(context);
        if (context.Request.Path.Value is "/health" or "/alive")
        {
            activity.IsAllDataRequested = false;
            activity.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            return next(context);
        }
        return DescribeAsync(activity, context, next);
    });

    private static async Task DescribeAsync(Activity activity, HttpContext context, RequestDelegate next)
    {
        activity.SetTag("http.request.method", context.Request.Method);
        activity.SetTag("url.path", context.Request.Path.Value);
        var endpoint = context.GetEndpoint();
        var route = (endpoint as RouteEndpoint)?.RoutePattern.RawText;
        activity.DisplayName = route is null ? context.Request.Method : $"{context.Request.Method} {route}";
        activity.SetTag("http.route", route);
        if (endpoint?.Metadata.GetMetadata<RouteId>() is { } id && context.GetRouteValue(id.Parameter) is string value)
            activity.SetTag(id.Attribute, value);

        await next(context);

        activity.SetTag("http.response.status_code", context.Response.StatusCode);
        if (context.Response.StatusCode >= StatusCodes.Status500InternalServerError)
            activity.SetStatus(ActivityStatusCode.Error);
    }
}
