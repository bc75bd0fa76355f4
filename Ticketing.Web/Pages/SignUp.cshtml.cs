using Microsoft.AspNetCore.Mvc;
using Ticketing.Web.Services;

namespace Ticketing.Web.Pages;

internal sealed class SignUpModel(AuthClient auth) : CredentialsPageModel
{
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken) =>
        Outcome(await auth.SignUpAsync(Form.Email, Form.Password, cancellationToken));
}
