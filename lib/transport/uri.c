/* SPDX-License-Identifier: MIT */
#include "lib/transport/uri.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

__attribute__((format(printf, 2, 3))) static int refuse(char *error, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    vsnprintf(error, VIO_URI_ERROR_SIZE, fmt, args);
    va_end(args);
    return VIO_EPARSE;
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* RFC 3986, 3.1, lower case only. */
static bool is_scheme(const char *text, size_t length)
{
    if (length == 0 || length > VIO_URI_SCHEME_MAX || !is_lower(text[0]))
        return false;
    for (size_t i = 1; i < length; i++)
        if (!is_lower(text[i]) && !is_digit(text[i]) && !strchr("+-.", text[i]))
            return false;
    return true;
}

static bool is_key(const char *text)
{
    if (!is_lower(*text))
        return false;
    for (; *text; text++)
        if (!is_lower(*text) && !is_digit(*text) && *text != '-')
            return false;
    return true;
}

/* One "KEY=VALUE", which is cut in two. */
static int add_param(struct vio_uri *uri, char *text, char *error)
{
    char *value = strchr(text, '=');

    if (!value)
        return refuse(error, "URI: parameter \"%.40s\" has no value: KEY=VALUE is wanted", text);
    *value++ = '\0';
    if (!is_key(text))
        return refuse(
            error, "URI: \"%.40s\" is no parameter's name: a-z, 0-9 and \"-\" are allowed", text);
    if (vio__uri_param(uri, text))
        return refuse(error, "URI: parameter \"%.40s\" is given twice", text);
    if (uri->num_params == VIO_URI_PARAMS_MAX)
        return refuse(error, "URI: more than %d parameters", VIO_URI_PARAMS_MAX);
    uri->param[uri->num_params++] = (struct vio_uri_param){.key = text, .value = value};
    return 0;
}

static int add_params(struct vio_uri *uri, char *query, char *error)
{
    for (char *next; query; query = next) {
        int status;

        next = strchr(query, '&');
        if (next)
            *next++ = '\0';
        status = add_param(uri, query, error);
        if (status)
            return status;
    }
    return 0;
}

int vio__uri_parse(const char *text, struct vio_uri *ret_uri, char error[VIO_URI_ERROR_SIZE])
{
    size_t length = strnlen(text, VIO_URI_MAX + 1);
    char *colon, *query;

    if (length > VIO_URI_MAX)
        return refuse(error, "URI: longer than %d bytes", VIO_URI_MAX);
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            return refuse(error, "URI: control character at byte %zu", i);

    memcpy(ret_uri->text, text, length + 1);
    ret_uri->num_params = 0;
    colon = strchr(ret_uri->text, ':');
    if (!colon || !is_scheme(ret_uri->text, (size_t)(colon - ret_uri->text)))
        return refuse(error, "URI: \"%.40s\" does not start with a scheme, such as \"sim:\"", text);
    *colon = '\0';
    ret_uri->scheme = ret_uri->text;
    ret_uri->path = colon + 1;

    query = strchr(colon + 1, '?');
    if (!query)
        return 0;
    *query = '\0';
    return add_params(ret_uri, query + 1, error);
}

const char *vio__uri_param(const struct vio_uri *uri, const char *key)
{
    for (size_t i = 0; i < uri->num_params; i++)
        if (strcmp(uri->param[i].key, key) == 0)
            return uri->param[i].value;
    return NULL;
}
