namespace Ticketing.Tickets.Admissions;

/// <summary>The routes about tickets' codes and about the door.</summary>
internal static class AdmissionsApi
{
    public static IHostApplicationBuilder AddAdmissions(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AdmissionKeys>();
        builder.Services.AddHostedService(services => services.GetRequiredService<AdmissionKeys>());
        return builder;
    }

    public static void MapAdmissionsApi(this IEndpointRouteBuilder app)
    {
        var admissions = app.MapGroup("/api/tickets/admissions").WithTags("Admissions");
        admissions.MapGet("/jwks.json", GetAdmissionKeys.Handle)
            .AllowAnonymous()
            .WithSummary("The keys that verify tickets' codes");
        admissions.MapGet("/{orderId}", GetAdmissions.HandleAsync)
            .WithSummary("The tickets of a paid order of yours, with their codes")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status404NotFound);

        var checkIns = app.MapGroup("/api/tickets/{id}/check-ins").WithTags("Check-ins");
        checkIns.MapPost("/", CheckIn.HandleAsync)
            .WithSummary("Let the bearer of a code in, once")
            .WithDescription("For the listing's seller. The problem of a refused code has a `reason`, and of a used one `checkedInAt`.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status404NotFound);
        checkIns.MapGet("/", GetCheckIns.HandleAsync)
            .WithSummary("How many are in, and the last few; for the listing's seller")
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }
}
