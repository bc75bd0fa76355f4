using Microsoft.AspNetCore.Mvc.ModelBinding;
using Ticketing.ApiDefaults;

namespace Ticketing.Web.Pages.Forms;

internal static class ModelStateExtensions
{
    /// <summary>
    /// Puts what a service found wrong at the fields of the page's <c>Form</c>; what is at no field of it goes to its top.
    /// </summary>
    public static void AddErrors(this ModelStateDictionary state, IReadOnlyList<ApiError> errors)
    {
        foreach (var error in errors)
        {
            var key = $"Form.{error.Field}";
            state.AddModelError(error.Field is not null && state.ContainsKey(key) ? key : "", error.Message);
        }
    }
}
