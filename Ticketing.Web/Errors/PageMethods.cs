using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Net.Http.Headers;

namespace Ticketing.Web.Errors;

/// <summary>
/// A page can be read, and takes what it has handlers for: another method is 405 before anything else, and a form that none of its
/// handlers is for 400. Razor Pages itself would make the page for any method, without what its handlers read for it.
/// </summary>
internal static class PageMethods
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Comes after the error pages, which fill in the answer, and before whatever looks at a session.</summary>
    public static IApplicationBuilder UsePageMethods(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<CompiledPageActionDescriptor>() is not { } page || IsErrorPage(context))
            return next(context);
        var allowed = Reading.Union(page.HandlerMethods.Select(handler => handler.HttpMethod.ToUpperInvariant())).ToList();
        if (allowed.Contains(context.Request.Method))
            return next(context);
        context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        context.Response.Headers[HeaderNames.Allow] = string.Join(", ", allowed);
        return Task.CompletedTask;
    });

    // It is made for the request that failed, whatever that was.
    private static bool IsErrorPage(HttpContext context) => context.Features.Get<IStatusCodeReExecuteFeature>() is not null;

    /// <summary>Refuses a form whose handler the page does not have.</summary>
    public sealed class Filter : IAsyncPageFilter
    {
        private bool isForNone;

        /// <summary>Before another filter shows the page instead of doing what the form asks for.</summary>
        public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context)
        {
            isForNone = context.HandlerMethod is null && !Reading.Contains(context.HttpContext.Request.Method) && !IsErrorPage(context.HttpContext);
            return Task.CompletedTask;
        }

        public Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
        {
            if (!isForNone)
                return next();
            context.Result = new BadRequestResult();
            return Task.CompletedTask;
        }
    }
}
